-- status over a long period, and history of a prefix that most keys have, answered from the indexes alone.
-- IF NOT EXISTS: of a table so large that this would take longer than a statement may, it is built by hand
-- first, CONCURRENTLY.
CREATE INDEX IF NOT EXISTS file_metadata_finished ON file_metadata (bucket, received_at)
    INCLUDE (status, row_count, warning_count, "timestamp") WHERE finished_at IS NOT NULL;
DROP INDEX IF EXISTS file_metadata_received_at;
