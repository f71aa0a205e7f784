"""Lambda's asynchronous semantics, by real workers in a real pool."""
