"""The pipeline without AWS: a real PostgreSQL, emulated AWS services, and Lambda's own runtime.

`local.stack.Stack` brings it all up on loopback, and leaves nothing behind.
"""
