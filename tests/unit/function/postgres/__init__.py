"""The database, without one."""
