"""A PostgreSQL server of the stack's own, with the schema of the function."""
