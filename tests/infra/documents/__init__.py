"""What the documents say of infrastructure, held against it."""
