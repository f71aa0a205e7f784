-- One row for each object version ever seen. The first four columns are the table's face;
-- claim, lease and ledger columns carry the promise that nothing is lost and nothing is done twice.
CREATE TABLE file_metadata (
    id             SERIAL PRIMARY KEY,
    filename       TEXT NOT NULL,            -- the object's key
    status         TEXT NOT NULL DEFAULT 'processing'
                   CHECK (status IN ('processing', 'succeeded', 'failed')),
    "timestamp"    TIMESTAMPTZ,              -- when the verdict was reached

    bucket         TEXT NOT NULL,
    version_id     TEXT NOT NULL,
    etag           TEXT NOT NULL,
    size_bytes     BIGINT NOT NULL,
    uploaded_at    TIMESTAMPTZ NOT NULL,     -- the event's own time
    stamped_name   TEXT NOT NULL,            -- what result and backup are named after

    sha256         TEXT,                     -- of exactly the bytes that were counted
    row_count      BIGINT,
    column_count   INTEGER,
    rejected_count BIGINT,
    result         JSONB,                    -- result.json, whole
    error_code     TEXT,
    error_message  TEXT,

    attempts       INTEGER NOT NULL DEFAULT 1,
    replays        INTEGER NOT NULL DEFAULT 0, -- how often an operator had the file read anew
    claimed_by     TEXT NOT NULL,            -- the invocation that holds, or held, the claim
    claimed_until  TIMESTAMPTZ,              -- the lease; null once nobody works on it
    received_at    TIMESTAMPTZ NOT NULL,
    started_at     TIMESTAMPTZ NOT NULL,
    finished_at    TIMESTAMPTZ,              -- when the last effect was done

    result_key     TEXT,                     -- set once result.json is in the output bucket
    backup_key     TEXT,                     -- set once the copy is in the backup bucket
    notified_at    TIMESTAMPTZ,              -- set once the message is with SNS

    CONSTRAINT file_metadata_identity UNIQUE (bucket, filename, version_id),
    CONSTRAINT file_metadata_stamped_name UNIQUE (bucket, stamped_name),
    CONSTRAINT file_metadata_end CHECK (finished_at IS NULL OR status <> 'processing'),
    CONSTRAINT file_metadata_verdict CHECK ((status = 'processing') = ("timestamp" IS NULL))
);

CREATE INDEX file_metadata_timestamp ON file_metadata ("timestamp" DESC);
CREATE INDEX file_metadata_sha256 ON file_metadata (sha256);
-- in the order in which S3 lists keys, so that table and bucket can be compared page by page
CREATE INDEX file_metadata_result_key ON file_metadata (result_key COLLATE "C");
CREATE INDEX file_metadata_backup_key ON file_metadata (backup_key COLLATE "C");
CREATE INDEX file_metadata_unfinished ON file_metadata (received_at) WHERE finished_at IS NULL;

-- How far a reconciliation got that ran out of time; the next one goes on from there.
CREATE TABLE reconciliation (
    bucket     TEXT PRIMARY KEY,
    position   JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
