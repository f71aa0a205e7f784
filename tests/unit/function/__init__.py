"""The function's own logic, without a service."""
