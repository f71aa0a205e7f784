"""When a file fails, and what is said of it."""
