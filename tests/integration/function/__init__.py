"""The function's entry points and adapters against real services."""
