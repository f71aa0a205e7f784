"""Containers, encodings, and what is refused."""
