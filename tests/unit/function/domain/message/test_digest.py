import pytest

from function.domain.message.digest import digest
from function.domain.model import Document

PARTS = {"part_bytes": 67_108_864, "count": 1234, "root": "cd" * 32}


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ({"sha256": "ab" * 32, "sha256_parts": None}, "ab" * 32),
        ({"sha256": "ab" * 32}, "ab" * 32),  # of an earlier release
        ({"sha256": None, "sha256_parts": None}, ""),
        ({"sha256": None}, ""),
        (
            {"sha256": None, "sha256_parts": PARTS},
            f"{'cd' * 32} of the digests of 1,234 parts of 67108864 bytes",
        ),
    ],
)
def test_it_is_the_digest_that_the_file_has(file: Document, shown: str) -> None:
    assert digest(file) == shown
