from rich.console import Console

from function.domain.content import Scan
from function.domain.report import document
from ops.run import render
from ops.run.runner import Report
from tests.support.examples import IN_PARTS, OBJECT, SCAN, STAMPED, TIMING, TO


def printed(scan: Scan) -> str:
    report = Report(document(OBJECT, scan, STAMPED, TO, TIMING), None, None, [], 12)
    console = Console(width=200)
    with console.capture() as capture:
        console.print(render.verdict("data.csv", report))
    return capture.get()


def test_a_file_read_in_parts_is_shown_with_the_digest_of_its_parts() -> None:
    assert f"{'cd' * 32} of the digests of 160 parts of 67108864 bytes" in printed(IN_PARTS)


def test_a_file_read_in_one_piece_is_shown_with_its_digest() -> None:
    assert "ab" * 32 in printed(SCAN)
