"""The hostile files and texts, and the processes that read them."""
