"""The steps that an upload goes through, in their order, and the protocols that the services implement."""
