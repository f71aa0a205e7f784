"""The Pulumi program's components, one in each module."""
