"""Types, dates, numbers and counts of columns."""
