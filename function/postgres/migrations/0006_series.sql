-- Files that belong together, and what is kept of each for later ones to be compared with; docs/series.md.
-- Files that are there already belong to no series: only new ones are compared.
ALTER TABLE file_metadata
    ADD COLUMN series       TEXT,    -- what the key, or the uploader, says
    ADD COLUMN summary      JSONB,   -- columns: [[name, form, nulls], ...]; null unless the file succeeded
    ADD COLUMN remarks      JSONB,   -- series.remarks of the result
    ADD COLUMN remark_count INTEGER;

-- The latest files of a series, answered with the claim; and when they came, for those that are overdue.
CREATE INDEX file_metadata_series ON file_metadata (bucket, series COLLATE "C", uploaded_at DESC, id DESC)
    WHERE series IS NOT NULL;

-- Which series have been reported as overdue, and since which of their files: each is reported once.
CREATE TABLE series_overdue (
    bucket           TEXT NOT NULL,
    series           TEXT NOT NULL,
    last_uploaded_at TIMESTAMPTZ NOT NULL,
    told_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (bucket, series)
);
