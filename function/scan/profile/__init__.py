"""Batches of records -> the type, nulls, extremes and distinct values of each column."""
