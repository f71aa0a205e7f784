from collections.abc import Iterator

import pytest

from function.aws.stream import Repeatable
from function.domain.errors import TransientError


def counted(chunks: list[bytes], taken: list[bytes], fault: Exception | None = None) -> Iterator[bytes]:
    for chunk in chunks:
        taken.append(chunk)
        yield chunk
    if fault:
        raise fault


@pytest.mark.parametrize("read", [0, 1, 2, 3])
def test_what_was_read_of_the_start_comes_again_and_then_the_rest(read: int) -> None:
    taken: list[bytes] = []
    stream = Repeatable(counted([b"a", b"b", b"c"], taken))
    head = stream.head()
    assert [next(head) for _ in range(read)] == [b"a", b"b", b"c"][:read]
    assert len(taken) == read
    assert list(stream) == [b"a", b"b", b"c"]
    assert taken == [b"a", b"b", b"c"]  # each once


def test_a_start_that_is_never_read_costs_nothing() -> None:
    assert list(Repeatable([b"a", b"b"])) == [b"a", b"b"]


def test_a_stream_that_broke_at_its_start_never_seems_to_end_there() -> None:
    stream = Repeatable(counted([b"a"], [], TransientError("S3 is down")))
    with pytest.raises(TransientError, match="S3 is down"):
        list(stream.head())
    again = iter(stream)
    assert next(again) == b"a"
    with pytest.raises(TransientError, match="S3 is down"):
        next(again)
