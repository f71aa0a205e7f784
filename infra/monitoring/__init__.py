"""Metrics, alarms and dashboard of the stack."""
