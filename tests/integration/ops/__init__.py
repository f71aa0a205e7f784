"""The `pipeline` command's parts against the embedded stack and real folders."""
