"""Fan-out of a large upload: names, sizes and documents."""
