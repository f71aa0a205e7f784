-- The reasons to doubt a count, as csv.warnings of the result has them; null until there is a verdict, and
-- where a file could not be read at all.
ALTER TABLE file_metadata
    ADD COLUMN warnings      JSONB,
    ADD COLUMN warning_count INTEGER;

-- Rows that are there already; a bounded number, because a migration may take only seconds.
UPDATE file_metadata
   SET warnings = result #> '{csv,warnings}',
       warning_count = jsonb_array_length(result #> '{csv,warnings}')
 WHERE id > (SELECT max(id) FROM file_metadata) - 10000;
