import hashlib

from hypothesis import given
from hypothesis import strategies as st

from function.domain import fanout
from function.domain.fanout import MAX_PARTS, MEGABYTE


@given(st.integers(0, 50 * 1024**4), st.integers(1, 1024))
def test_parts_are_of_whole_megabytes_and_never_too_many(size: int, megabytes: int) -> None:
    part = fanout.part_bytes(size, megabytes)
    assert part % MEGABYTE == 0
    assert part >= megabytes * MEGABYTE
    assert -(-size // part) <= MAX_PARTS
    if part > megabytes * MEGABYTE:  # no larger than it has to be
        assert -(-size // (part - MEGABYTE)) > MAX_PARTS


def test_the_digest_of_parts_is_that_of_their_digests() -> None:
    parts = [hashlib.sha256(part).digest() for part in (b"one", b"two")]
    assert fanout.parts_digest(parts) == hashlib.sha256(b"".join(parts)).hexdigest()
    assert fanout.parts_digest(parts) != fanout.parts_digest(reversed(parts))
