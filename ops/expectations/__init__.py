"""The commands about what is expected of files: contracts, and series that are overdue."""
