"""Files in batches, and a folder that is watched."""
