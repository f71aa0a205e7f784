"""AWS as the function uses it: objects are read, listed and copied, messages published, the secret read."""
