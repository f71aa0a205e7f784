"""What the function relies on from AWS, asked of the emulator."""
