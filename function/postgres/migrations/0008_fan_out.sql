-- Files that are read in parts by an execution of the state machine; docs/fan-out.md.
-- Code of before sets neither column, and takes a row that an execution holds for one held by an invocation.
-- IF NOT EXISTS: of a table so large that the index would take longer than a statement may, columns and index are
-- made by hand first, the index CONCURRENTLY.
ALTER TABLE file_metadata
    ADD COLUMN IF NOT EXISTS execution    TEXT,   -- that holds, or held, the claim; null: read in one piece
    ADD COLUMN IF NOT EXISTS sha256_parts JSONB;  -- {part_bytes, count, root} of the bytes counted; then no sha256

-- The latest upload of the same bytes; of files read in parts alone, so that all others pay nothing for it.
CREATE INDEX IF NOT EXISTS file_metadata_parts ON file_metadata (sha256_parts, uploaded_at, id)
    WHERE sha256_parts IS NOT NULL;
