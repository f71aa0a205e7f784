"""Dates and numbers in all their notations."""
