"""The function's AWS adapters against the emulator, and against sockets that fail."""
