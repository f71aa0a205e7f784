"""The Lambda: its entry points, their settings, and the composition of the parts below."""
