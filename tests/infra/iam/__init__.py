"""Each role can do all that it is there for, and nothing else."""
