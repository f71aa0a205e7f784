"""The three Lambda functions, what calls them, and what they have in common."""
