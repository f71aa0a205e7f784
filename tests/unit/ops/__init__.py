"""The `pipeline` command's own logic."""
