"""The smoke test's steps, checks and advice."""
