"""The one error of the embedded stack."""


class StackError(Exception):
    """The stack cannot start, or a part of it has ended; the message says which, and what to do."""
