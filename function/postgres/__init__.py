"""PostgreSQL as the function uses it: connections, claims on object versions, the register, roles."""
