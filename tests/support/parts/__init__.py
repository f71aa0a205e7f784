"""Files read in parts, beside the same files in one piece."""
