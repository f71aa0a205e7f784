"""The `pipeline` command: on this machine, and on a deployed stack."""
