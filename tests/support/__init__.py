"""Helpers of tests in several folders: examples, uploads, servers that fail as told."""
