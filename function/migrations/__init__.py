"""Numbered SQL files; `function.migrate` applies each once, in order."""
