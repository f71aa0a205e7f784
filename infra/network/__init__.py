"""The network that functions and database are in, and its ways to AWS services."""
