"""Adapters against the services that they are for: PostgreSQL, the emulator of AWS, processes."""
