"""The function's AWS adapters without any service."""
