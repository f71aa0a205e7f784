"""Logs, uploads and times, as `pipeline tail`, `upload` and `show` take and give them."""
