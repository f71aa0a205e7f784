import bz2
import lzma
from collections.abc import Callable

import pytest
from backports import zstd

from function.domain.errors import ErrorCode, FileError
from function.scan import scan


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress, zstd.compress])
def test_time_and_memory_are_looked_at_within_one_stored_chunk(pack: Callable[[bytes], bytes]) -> None:
    """A chunk of 1 MB may hold 30 GB: whoever looks between chunks only would be killed first."""
    stored = pack(b"a,b\n" + b"1,2\n" * (5 << 20))
    looked: list[int] = []

    def check(offset: int) -> None:
        looked.append(offset)
        if len(looked) == 10:
            raise FileError(ErrorCode.TIMEOUT, "time is up")

    result = scan([stored], check=check)
    assert looked == [len(stored)] * 10
    assert result.error is not None
    assert result.error.code is ErrorCode.TIMEOUT
    assert result.profile is not None
    assert result.profile.rows < 5 << 20
