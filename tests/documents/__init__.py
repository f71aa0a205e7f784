"""The documents that the code writes: docs/messages.md and docs/images."""
