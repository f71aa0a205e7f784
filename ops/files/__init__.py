"""Commands about single files of a deployed stack: upload, show, read the log."""
