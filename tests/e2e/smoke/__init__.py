"""The smoke test: on a stack that works, and on stacks that each fail at another step."""
