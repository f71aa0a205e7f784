"""What a file is held against, as parts of the claim's own statement: it costs no turnaround of its own.

In each, `f` is the file's row, and $1 its bucket. See docs/adr/0040-history-with-the-claim.md.
"""

# Of the latest that came before this one, those that succeeded, as `FileSummary.read` takes them. Among
# forty, so that many failures in a row cost no more.
_EARLIER = """
(SELECT jsonb_agg(file ORDER BY uploaded_at DESC, id DESC)
   FROM (SELECT id, uploaded_at, jsonb_build_array(
                  filename, to_char(uploaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                  row_count, size_bytes, digest, summary) AS file
           FROM (SELECT id, uploaded_at, filename, row_count, size_bytes, summary,
                        coalesce(sha256, sha256_parts ->> 'root') AS digest
                   FROM file_metadata
                  WHERE bucket = $1 AND series COLLATE "C" = {series}
                    AND (uploaded_at, id) < (f.uploaded_at, f.id)
                  ORDER BY uploaded_at DESC, id DESC LIMIT 40) AS lately
          WHERE summary IS NOT NULL ORDER BY uploaded_at DESC, id DESC LIMIT 20) AS compared) AS past
"""
PAST = _EARLIER.format(series="$11")
"""The latest earlier files of the series $11."""
PAST_OF = f"SELECT {_EARLIER.format(series='$2')} FROM file_metadata AS f WHERE bucket = $1 AND id = $3"  # noqa: S608
"""The same of the series $2, for row $3."""
CONTRACT = """
(SELECT jsonb_build_object('prefix', prefix, 'version', version, 'schema', schema)
   FROM (SELECT DISTINCT ON (prefix) prefix, version, schema FROM contract
          WHERE bucket = $1
            AND prefix = ANY(ARRAY(SELECT left($2, n) FROM generate_series(0, length($2)) AS n))
          ORDER BY prefix, version DESC) AS latest
  WHERE schema IS NOT NULL ORDER BY length(prefix) DESC LIMIT 1) AS contract
"""
"""The contract of the longest prefix of $2 that has one; the latest version counts, and may be a removal."""
