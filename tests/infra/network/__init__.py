"""What the network lets through."""
