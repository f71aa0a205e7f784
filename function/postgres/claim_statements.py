"""The statements of `claims`: one for each step."""

from function.postgres.expectations import CONTRACT, PAST

# Returned with each row, without a further round trip: whether over half of the connections are in use.
_CROWDED = """
(SELECT 2 * numbackends > current_setting('max_connections')::int
   FROM pg_stat_database WHERE datname = current_database()) AS crowded
"""
# An owner that comes again keeps its lease: that of an execution is longer than the one asked for here.
CLAIM = f"""
INSERT INTO file_metadata AS f
       (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name,
        claimed_by, claimed_until, received_at, started_at, series)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9, $10, now(), $11)
    ON CONFLICT ON CONSTRAINT file_metadata_identity DO UPDATE
   SET attempts = f.attempts + 1, claimed_by = $8, started_at = now(), series = coalesce(f.series, $11),
       claimed_until = greatest(now() + $9, CASE WHEN f.claimed_by = $8 THEN f.claimed_until END)
 WHERE f.finished_at IS NULL
   AND (f.claimed_until IS NULL OR f.claimed_until < now()
        OR f.claimed_by = $8 OR (f.claimed_by, f.execution) = ($12, $12))
RETURNING id, stamped_name, received_at, attempts, replays, result, result_key, backup_key, notified_at,
{PAST}, {CONTRACT}, {_CROWDED}"""  # noqa: S608 made of constants, as all below
STATE = f"""
SELECT status, finished_at, claimed_until, CASE WHEN claimed_by = execution THEN execution END AS execution,
       {_CROWDED}
  FROM file_metadata WHERE bucket = $1 AND filename = $2 AND version_id = $3
"""  # noqa: S608
EXTEND = f"""
UPDATE file_metadata SET claimed_until = greatest(claimed_until, now() + $3)
 WHERE id = $1 AND attempts = $2 AND claimed_until IS NOT NULL RETURNING {_CROWDED}
"""  # noqa: S608
LEND = f"""
UPDATE file_metadata SET claimed_by = $3, execution = $3, claimed_until = now() + $4
 WHERE id = $1 AND attempts = $2 AND finished_at IS NULL RETURNING {_CROWDED}
"""  # noqa: S608
# The latest earlier upload of the same bytes: by their digest, or by that of their parts.
_DUPLICATE = """
SELECT jsonb_build_object(
         'key', duplicate.filename, 'version_id', duplicate.version_id,
         'uploaded_at', to_char(duplicate.uploaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  FROM file_metadata AS duplicate JOIN file_metadata AS own ON own.id = $1
 WHERE {same} AND duplicate.size_bytes > 0
   AND (duplicate.uploaded_at, duplicate.id) < (own.uploaded_at, own.id)
 ORDER BY duplicate.uploaded_at DESC, duplicate.id DESC LIMIT 1
"""
_DIGEST, _PARTS = "$3::jsonb #>> '{source,sha256}'", "nullif($3::jsonb #> '{source,sha256_parts}', 'null')"
_SAME_DIGEST = _DUPLICATE.format(same=f"duplicate.sha256 = {_DIGEST}")
_SAME_PARTS = _DUPLICATE.format(same=f"duplicate.sha256_parts = {_PARTS}")
# The columns are derived from the document, so that the two always agree. The same statement adds the
# duplicate to the document; of the two ways to find it, only one is run.
RECORD = f"""
WITH duplicate AS (
       SELECT CASE WHEN {_DIGEST} IS NULL THEN ({_SAME_PARTS}) ELSE ({_SAME_DIGEST}) END AS document)
UPDATE file_metadata
   SET result = jsonb_set($3::jsonb, '{{source,identical_to}}',
                          coalesce((SELECT document FROM duplicate), 'null'::jsonb)),
       status = $3::jsonb ->> 'status',
       "timestamp" = ($3::jsonb #>> '{{timing,finished_at}}')::timestamptz,
       sha256 = {_DIGEST},
       sha256_parts = {_PARTS},
       row_count = ($3::jsonb #>> '{{csv,rows}}')::bigint,
       column_count = jsonb_array_length($3::jsonb #> '{{csv,columns}}'),
       rejected_count = ($3::jsonb #>> '{{csv,records,rejected}}')::bigint,
       warnings = $3::jsonb #> '{{csv,warnings}}',
       warning_count = jsonb_array_length($3::jsonb #> '{{csv,warnings}}'),
       error_code = $3::jsonb #>> '{{error,code}}',
       error_message = $3::jsonb #>> '{{error,message}}',
       series = coalesce($3::jsonb #>> '{{series,name}}', series),
       summary = $5::jsonb,
       remarks = $3::jsonb #> '{{series,remarks}}',
       remark_count = jsonb_array_length($3::jsonb #> '{{series,remarks}}'),
       claimed_until = greatest(claimed_until, now() + $4)
 WHERE id = $1 AND attempts = $2 AND finished_at IS NULL
RETURNING result #> '{{source,identical_to}}' AS identical_to
"""  # noqa: S608
SETTLE = f"""
UPDATE file_metadata
   SET result_key = coalesce(result_key, $3),
       backup_key = coalesce(backup_key, $4),
       notified_at = coalesce(notified_at, CASE WHEN $5 THEN now() END),
       finished_at = CASE WHEN $6 THEN now() END,
       claimed_until = NULL
 WHERE id = $1 AND attempts = $2
RETURNING {_CROWDED}
"""  # noqa: S608
