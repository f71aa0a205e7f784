"""What operators ask of a deployed stack: history, status, replay, backfill, redrive, releases, doctor."""
