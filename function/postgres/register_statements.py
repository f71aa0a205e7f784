"""The statements of `register`."""

from function.domain.model import Effect

KNOWN = """
SELECT filename, version_id FROM file_metadata
 WHERE bucket = $1 AND (filename, version_id) IN (SELECT * FROM unnest($2::text[], $3::text[]))
"""
# Among them those that an execution holds, of which the table does not know whether it still runs.
UNFINISHED = """
SELECT id, attempts, bucket, filename, version_id, etag, size_bytes, uploaded_at, execution,
       claimed_until IS NOT NULL AND claimed_until >= now() AS held
  FROM file_metadata
 WHERE bucket = $1 AND id > $2 AND finished_at IS NULL AND received_at < now() - $3::interval
   AND (claimed_until IS NULL OR claimed_until < now() OR claimed_by = execution)
 ORDER BY id LIMIT $4
"""
DELIVERED = {
    Effect.RESULT: """
SELECT id, result_key AS key, bucket, filename, version_id, etag, size_bytes, uploaded_at
  FROM file_metadata
 WHERE result_key COLLATE "C" > $1 ORDER BY result_key COLLATE "C" LIMIT $2
""",
    Effect.BACKUP: """
SELECT id, backup_key AS key, bucket, filename, version_id, etag, size_bytes, uploaded_at
  FROM file_metadata
 WHERE backup_key COLLATE "C" > $1 ORDER BY backup_key COLLATE "C" LIMIT $2
""",
}
# One more attempt, so that a worker which still has an earlier one can no longer write.
REOPEN = """
UPDATE file_metadata
   SET result_key = CASE WHEN $2 = 'result' THEN NULL ELSE result_key END,
       backup_key = CASE WHEN $2 = 'backup' THEN NULL ELSE backup_key END,
       finished_at = NULL, attempts = attempts + 1
 WHERE id = $1 AND finished_at IS NOT NULL RETURNING id
"""
# Everything is made again except the backup, whose bytes cannot change; unless the file is being processed.
REPLAY = """
UPDATE file_metadata
   SET status = 'processing', "timestamp" = NULL, sha256 = NULL, sha256_parts = NULL, execution = NULL,
       row_count = NULL, column_count = NULL, rejected_count = NULL, warnings = NULL, warning_count = NULL,
       summary = NULL, remarks = NULL, remark_count = NULL, result = NULL, error_code = NULL,
       error_message = NULL, result_key = NULL, notified_at = NULL, finished_at = NULL, claimed_until = NULL,
       attempts = attempts + 1, replays = replays + 1
 WHERE bucket = $1 AND filename = $2 AND version_id = $3
   AND (claimed_until IS NULL OR claimed_until < now())
RETURNING bucket, filename, version_id, etag, size_bytes, uploaded_at
"""
HISTORY = """
SELECT to_jsonb(f) - 'result' - 'summary' AS row FROM file_metadata f
 WHERE bucket = $1 ORDER BY id DESC LIMIT $2
"""
# Of most prefixes, the latest rows are among the latest of all.
HISTORY_LATELY = """
SELECT to_jsonb(f) - 'result' - 'summary' AS row FROM file_metadata f
 WHERE id IN (SELECT id FROM file_metadata
               WHERE bucket = $1 AND starts_with(filename, $3)
                 AND id > (SELECT max(id) FROM file_metadata) - $4::int
               ORDER BY id DESC LIMIT $2)
 ORDER BY id DESC
"""
# First which ids, from the index of names: in the order of ids, a prefix may lie behind the whole table.
HISTORY_OF_PREFIX = """
WITH named AS MATERIALIZED (
  SELECT id FROM file_metadata WHERE bucket = $1 AND starts_with(filename COLLATE "C", $3)
)
SELECT to_jsonb(f) - 'result' - 'summary' AS row FROM file_metadata f
 WHERE id IN (SELECT id FROM named ORDER BY id DESC LIMIT $2) ORDER BY id DESC
"""
LATELY = 5000  # rows of any key
STATUS = """
WITH finished AS (
  SELECT count(*) AS files, sum(row_count) AS rows, count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
         count(*) FILTER (WHERE status = 'succeeded' AND warning_count > 0) AS doubtful,
         max("timestamp") AS last_verdict
    FROM file_metadata
   WHERE bucket = $1 AND received_at > now() - $2::interval AND finished_at IS NOT NULL
), unfinished AS (
  SELECT count(*) AS files, sum(row_count) AS rows, count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
         count(*) FILTER (WHERE status = 'succeeded' AND warning_count > 0) AS doubtful,
         count(*) FILTER (WHERE status = 'failed') AS failed,
         count(*) FILTER (WHERE claimed_until > now()) AS in_hand,
         count(*) FILTER (WHERE claimed_until > now() AND claimed_by = execution) AS executions,
         min(received_at) AS oldest, max("timestamp") AS last_verdict
    FROM file_metadata WHERE bucket = $1 AND finished_at IS NULL
)
SELECT jsonb_build_object(
         'files', f.files + u.files, 'rows', coalesce(f.rows, 0) + coalesce(u.rows, 0),
         'succeeded', f.succeeded + u.succeeded, 'doubtful', f.doubtful + u.doubtful,
         'failed', f.files - f.succeeded + u.failed, 'unfinished', u.files, 'in_hand', u.in_hand,
         'executions', u.executions, 'oldest_unfinished', u.oldest,
         'last_verdict', greatest(f.last_verdict, u.last_verdict)) AS status
  FROM finished f, unfinished u
"""
FORGET = "SELECT forgotten, refused FROM forget_smoke($1, $2)"
POSITION = "SELECT position FROM reconciliation WHERE bucket = $1"
KEEP_POSITION = """
INSERT INTO reconciliation (bucket, position) VALUES ($1, $2::jsonb)
    ON CONFLICT (bucket) DO UPDATE SET position = $2::jsonb, updated_at = now()
"""
