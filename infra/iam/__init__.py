"""Roles and their policies."""
