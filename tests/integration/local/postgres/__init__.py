"""PostgreSQL as the stack runs it."""
