"""Of the benchmarks: what runs figures, and what is said of them."""
