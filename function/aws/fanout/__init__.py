"""Large objects in parts: the execution, the ranges that its parts read, and what these leave in `work/`."""
