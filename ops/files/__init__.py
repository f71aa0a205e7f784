"""Commands about single files of a deployed stack: upload one, show what is known of it, read its log."""
