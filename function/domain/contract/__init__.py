"""What a file must be: a Frictionless Table Schema for the keys of a prefix; see docs/contracts.md."""
