"""One example of each value, for tests to vary."""

from dataclasses import replace
from datetime import UTC, datetime

from function.domain.content import Column, ColumnType, Dialect, PartsDigest, Profile, RecordCounts, Scan
from function.domain.model import Claim, CsvObject, Effects
from function.domain.report import Destinations, Timing

TIME = datetime(2025, 9, 2, 14, 30, 0, 123000, UTC)
OBJECT = CsvObject("candidate-test-input", "reports/data.csv", "v1", "e1", 1024, TIME)
TO = Destinations("candidate-test-output", "candidate-test-backup")
TIMING = Timing(TIME, TIME, TIME, 12)
STAMPED = "reports/2025-09-02_14-30-00_data.csv"
PROFILE = Profile(
    columns=(
        Column("id", ColumnType.INTEGER, 0, "1", "3"),
        Column("name", ColumnType.STRING, 1, "ann", "zoë"),
    ),
    dialect=Dialect(),
    records=RecordCounts(parsed=1234, rejected=0, blank=2, physical_lines=1237),
)
SCAN = Scan(sha256="ab" * 32, size=1024, profile=PROFILE)
IN_PARTS = replace(SCAN, sha256=None, parts=PartsDigest(64 * 1024**2, 160, "cd" * 32))
CLAIM = Claim(7, "request-1", STAMPED, TIME, 1, 0, None, Effects())
