"""Reading an object in parts, without any service."""
