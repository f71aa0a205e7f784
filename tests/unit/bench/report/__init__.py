"""Medians, ratios, dollars and the document."""
