"""Tests of function.report_page in a browser."""
