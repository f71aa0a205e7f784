"""Tests, in the folders of what they test, by how much of it runs for real."""
