-- What files are expected to be: a Table Schema for the keys of a prefix; docs/contracts.md. Every version is
-- kept. The latest counts; one without a schema says that the contract was removed.
CREATE TABLE contract (
    bucket     TEXT NOT NULL,
    prefix     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    schema     JSONB,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (bucket, prefix, version)
);
