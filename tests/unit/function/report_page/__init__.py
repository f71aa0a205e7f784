"""Tests of function.report_page."""
