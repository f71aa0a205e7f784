"""What reads large files in parts: its resources, and the rights of the roles that have a share in it."""
