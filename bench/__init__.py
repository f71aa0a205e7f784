"""Measurements beside rivals, and inputs invented by chance."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""Of the project."""
