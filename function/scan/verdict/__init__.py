"""Ledger and limits -> succeeded or failed, with the reason and the warnings."""
