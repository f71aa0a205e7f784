"""Helpers of the tests through the worker pool."""
