"""What is taken as input."""
