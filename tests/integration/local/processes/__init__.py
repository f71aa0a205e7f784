"""Whom the reaper ends, and whom it leaves alone."""
