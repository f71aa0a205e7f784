"""Text -> layout of the table: delimiter and quote, where it begins, its header and its columns."""
