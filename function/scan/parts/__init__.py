"""A large file in parts: byte ranges that are read independently, and the proof that they fit together."""
