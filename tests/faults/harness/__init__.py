"""Faults, the stack that they strike, and models of Lambda and of what must come of uploads."""
