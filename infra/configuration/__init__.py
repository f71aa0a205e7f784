"""The stack's configuration: every key, what it may be, and what must fit together."""
