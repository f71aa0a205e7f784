"""Reconcile: compare the bucket with the table, and the table with the outputs that it names.

Four passes, each in pages, so that memory stays flat and a run that is out of time can be taken up:
uploads without a row; unfinished rows; results, and backups, that are said to be there and are
not. What is missing is processed in the same way as an event, beginning with the claim.
"""

from function.pipeline.reconcile.passes import PAGE, Passes
from function.pipeline.reconcile.request import PASSES, ReconcileReport, Request

__all__ = ["PAGE", "PASSES", "Passes", "ReconcileReport", "Request"]
