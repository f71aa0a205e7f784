"""Text -> batches of records, and the ledger of what became of each line."""
