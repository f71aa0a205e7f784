"""What an event lost, this finds: the bucket held against the table, and the table against what it claims.

Four passes, each in pages, so that memory stays flat and a run that is out of time can be taken up:
uploads without a row; rows that nobody finished; results, and backups, that are said to be there and are
not. Whatever is missing goes through the same claim path as an event.
"""

from function.pipeline.reconcile.passes import PAGE, Passes
from function.pipeline.reconcile.request import PASSES, ReconcileReport, Request

__all__ = ["PAGE", "PASSES", "Passes", "ReconcileReport", "Request"]
