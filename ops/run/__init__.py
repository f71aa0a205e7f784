"""Files taken through the embedded stack: inputs, batches, a watched folder, and how verdicts are shown."""
