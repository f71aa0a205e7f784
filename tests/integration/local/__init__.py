"""The embedded stack, with its real processes."""
