"""What is read from a file, and what is not."""
