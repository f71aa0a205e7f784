"""The `pipeline` command as it is typed, on this machine and on a stack that looks deployed."""
