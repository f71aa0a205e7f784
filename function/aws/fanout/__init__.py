"""Reading a large object in parts: its execution, the ranges of its parts, and what these leave in `work/`."""
