"""Generated seasons of daily files, by which the comparison within a series is measured."""
