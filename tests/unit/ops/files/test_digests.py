import hashlib
import io
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from ops.files.digests import digests


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


@given(st.binary(max_size=200), st.integers(1, 250))
def test_they_are_those_of_the_file_and_of_its_parts(content: bytes, part_bytes: int) -> None:
    parts = [content[start : start + part_bytes] for start in range(0, len(content), part_bytes)]
    found = digests(io.BytesIO(content), part_bytes)
    assert (found.size_bytes, found.sha256) == (len(content), sha256(content).hex())
    assert found.sha256_parts.root == sha256(b"".join(map(sha256, parts))).hex()
    assert (found.sha256_parts.part_bytes, found.sha256_parts.count) == (part_bytes, len(parts))


def test_an_empty_file_has_no_parts() -> None:
    found = digests(io.BytesIO(), 5)
    assert (found.sha256_parts.count, found.sha256_parts.root) == (0, sha256(b"").hex())


class Zeros(io.BytesIO):
    """Zeros, never all that were asked for."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def read(self, size: int | None = None) -> bytes:
        assert size
        taken = min(size - size // 3, self.left)
        self.left -= taken
        return bytes(taken)


def test_a_file_that_comes_in_portions_has_the_same_parts() -> None:
    assert digests(Zeros(5_000_000), 1_500_000) == digests(io.BytesIO(bytes(5_000_000)), 1_500_000)


def test_memory_does_not_grow_with_the_parts() -> None:
    tracemalloc.start()
    try:
        digests(Zeros(100_000_000), 50_000_000)
        digests(Zeros(100_000), 1)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
