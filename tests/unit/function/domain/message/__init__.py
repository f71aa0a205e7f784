"""Tests of function.domain.message."""
