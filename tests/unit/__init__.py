"""Logic without a service."""
