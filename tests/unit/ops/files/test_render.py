from typing import Any

import pytest
from rich.console import Console

from ops.files import render
from tests.support.examples import IN_PARTS

ROW: dict[str, Any] = {
    "filename": "orders/big.csv",
    "status": "succeeded",
    "timestamp": "2025-09-02T14:30:00+00:00",
    "uploaded_at": "2025-09-02T14:30:00+00:00",
    "finished_at": "2025-09-02T14:30:00+00:00",
    "notified_at": None,
    "version_id": "v1",
    "size_bytes": 10_737_418_240,
    "sha256": None,
    "sha256_parts": None,
    "execution": None,
    "row_count": 5,
    "column_count": 2,
    "warning_count": 0,
    "error_code": None,
    "error_message": None,
    "result_key": None,
    "backup_key": None,
    "attempts": 2,
    "replays": 0,
}


def printed(**changes: Any) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(render.file(ROW | changes, None, [], utc=True))
    return capture.get()


def test_a_file_read_in_parts_is_shown_with_its_execution_and_the_digest_of_its_parts() -> None:
    assert IN_PARTS.parts
    parts = {"part_bytes": 67_108_864, "count": 160, "root": IN_PARTS.parts.root}
    shown = printed(sha256_parts=parts, execution="17-1")
    assert f"{IN_PARTS.parts.root} of the digests of 160 parts of 67108864 bytes" in shown
    assert "17-1" in shown


@pytest.mark.parametrize(
    "missing", [{}, {"sha256_parts", "execution"}], ids=["null", "of an earlier release"]
)
def test_what_a_row_does_not_have_is_not_shown(missing: set[str]) -> None:
    console = Console(width=200)
    row = {name: value for name, value in ROW.items() if name not in missing}
    with console.capture() as capture:
        console.print(render.file(row, None, [], utc=True))
    shown = capture.get()
    assert "orders/big.csv" in shown
    assert "sha256" not in shown
    assert "execution" not in shown
