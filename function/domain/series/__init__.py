"""Files that belong together, and what is unlike the earlier ones in the latest; see docs/series.md."""
