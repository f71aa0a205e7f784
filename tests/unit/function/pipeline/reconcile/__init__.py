"""The request of a reconciliation; `test_reconcile` beside this folder has its passes."""
