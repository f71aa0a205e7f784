"""`pipeline run` and `pipeline profile`: inputs, batches, a watched folder, and the display of verdicts."""
