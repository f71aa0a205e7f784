"""Files made to exhaust a reader, and regular expressions under the texts that cost them the most."""
