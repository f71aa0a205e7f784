"""Helpers of the unit tests: tables, a pipeline in memory, the errors of libraries."""
