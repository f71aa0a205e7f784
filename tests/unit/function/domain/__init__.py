"""Events, keys, instructions, result and message."""
