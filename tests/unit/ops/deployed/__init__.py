"""The pace of a backfill, and releases."""
