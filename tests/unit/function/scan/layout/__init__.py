"""Delimiters, headers and the lines above them."""
