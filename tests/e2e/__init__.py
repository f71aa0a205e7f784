"""The whole pipeline, through the real runtime and a pool of workers."""
