"""Series of files: names, comparisons, rhythm."""
