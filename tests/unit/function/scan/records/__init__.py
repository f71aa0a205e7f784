"""Records: damaged, mixed with other lines, and however they are read."""
