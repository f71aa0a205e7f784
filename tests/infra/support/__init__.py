"""Helpers: the recorded program, an emulator that enforces policies, images, the bootstrap template."""
