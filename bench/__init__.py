"""Measurements beside rivals, and inputs invented by chance."""
