-- What a table of a million rows is asked, answered from an index. IF NOT EXISTS: of a table so large that this
-- would take longer than a statement may, the indexes are built by hand first, CONCURRENTLY.

-- status: what came in lately
CREATE INDEX IF NOT EXISTS file_metadata_received_at ON file_metadata (received_at);
-- history of a prefix
CREATE INDEX IF NOT EXISTS file_metadata_filename ON file_metadata (bucket, filename COLLATE "C", id);
-- the latest upload of the same bytes, of which there may be very many
CREATE INDEX IF NOT EXISTS file_metadata_twin ON file_metadata (sha256, uploaded_at, id);
DROP INDEX IF EXISTS file_metadata_sha256;
