"""Reading a table, beside other readers: from a file and from a real S3 server."""
