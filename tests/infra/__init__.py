"""The Pulumi program, as recorded against mocks, and all that belongs to a deployment."""
