"""What was measured, as docs/benchmarks.md and its pictures."""
