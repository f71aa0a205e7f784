"""Faults of large files, which an execution of the state machine reads in parts."""
