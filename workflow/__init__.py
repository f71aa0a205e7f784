"""The state machine by which a large file is read in parts, the same on AWS and on a laptop."""
