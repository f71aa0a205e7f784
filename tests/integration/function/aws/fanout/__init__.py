"""Reading an object in parts, against the embedded services."""
