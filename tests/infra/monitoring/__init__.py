"""Alarms and dashboard of the recorded program."""
