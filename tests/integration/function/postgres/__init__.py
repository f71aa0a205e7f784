"""The function's PostgreSQL adapters against a real server."""
