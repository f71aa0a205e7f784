"""What the configuration may be, and what is said of what it may not."""
