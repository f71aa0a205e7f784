"""`pipeline report`: a page of a local file, or of a result of a deployed stack."""
