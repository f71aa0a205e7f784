"""Stored bytes -> text: hash, compression, archives, encoding; what is no CSV is refused."""
