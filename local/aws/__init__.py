"""The emulator of AWS on this machine, and the resources of the stack in it."""
