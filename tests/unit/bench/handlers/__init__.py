"""What stands between a handler and its services."""
