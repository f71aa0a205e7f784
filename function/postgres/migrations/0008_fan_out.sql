-- Files that are read in parts by an execution of the state machine; docs/architecture.md.
-- Code of before sets neither column, and takes a row that an execution holds for one held by an invocation.
ALTER TABLE file_metadata
    ADD COLUMN execution    TEXT,   -- which holds, or held, the claim; null of a file that is read in one piece
    ADD COLUMN sha256_parts JSONB;  -- {part_bytes, count, root} of the bytes counted, in place of sha256

-- The latest upload of the same bytes; of files read in parts alone, so that all others pay nothing for it.
CREATE INDEX file_metadata_parts ON file_metadata (sha256_parts, uploaded_at, id)
    WHERE sha256_parts IS NOT NULL;
