"""The state machine's definition: its structure, its limits, and what it does in the emulator's interpreter."""
