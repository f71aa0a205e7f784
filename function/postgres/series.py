"""The series of a bucket: when their files came, and which have been reported as overdue."""

from collections.abc import Sequence
from datetime import datetime

from function.domain.series.rhythm import Overdue
from function.postgres.database import Database

ARRIVALS = 200  # of each series, the latest
# The names of a page, each found in the index behind the one before; then when the files of each came.
_ARRIVALS = """
WITH RECURSIVE names AS (
  (SELECT series COLLATE "C" AS name, 1 AS number FROM file_metadata
    WHERE bucket = $1 AND series COLLATE "C" > $2 ORDER BY series COLLATE "C" LIMIT 1)
   UNION ALL
  SELECT (SELECT series COLLATE "C" FROM file_metadata
           WHERE bucket = $1 AND series COLLATE "C" > names.name
           ORDER BY series COLLATE "C" LIMIT 1), number + 1
    FROM names WHERE names.name IS NOT NULL AND number < $3)
SELECT name, ARRAY(SELECT uploaded_at FROM file_metadata
                    WHERE bucket = $1 AND series COLLATE "C" = names.name
                    ORDER BY uploaded_at DESC, id DESC LIMIT $4) AS arrivals
  FROM names WHERE name IS NOT NULL ORDER BY name
"""
_TOLD = """
SELECT series, last_uploaded_at FROM series_overdue
 WHERE bucket = $1 AND (series, last_uploaded_at) IN (SELECT * FROM unnest($2::text[], $3::timestamptz[]))
"""
_TELL = """
INSERT INTO series_overdue (bucket, series, last_uploaded_at)
SELECT $1, * FROM unnest($2::text[], $3::timestamptz[])
    ON CONFLICT (bucket, series) DO UPDATE SET last_uploaded_at = excluded.last_uploaded_at, told_at = now()
"""


class SeriesRegister:
    """Implements `late.Register`. Every method raises TransientError where the database is at fault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def arrivals(self, bucket: str, after: str, limit: int) -> list[tuple[str, list[datetime]]]:
        """A page of series beyond the name `after`, in order, each with when its latest files came."""
        rows = await self._database.rows(_ARRIVALS, bucket, after, limit, ARRIVALS)
        return [(row["name"], row["arrivals"]) for row in rows]

    async def told(self, bucket: str, late: Sequence[Overdue]) -> set[str]:
        """Those of the series that have been reported since their last file came."""
        rows = await self._database.rows(_TOLD, bucket, *_columns(late))
        return {row["series"] for row in rows}

    async def tell(self, bucket: str, late: Sequence[Overdue]) -> None:
        """Keep that they have been reported."""
        await self._database.row(_TELL, bucket, *_columns(late))


def _columns(late: Sequence[Overdue]) -> tuple[list[str], list[datetime]]:
    return [each.series for each in late], [each.last_uploaded_at for each in late]
