import time
from collections.abc import Iterator

import pytest

from ops.times import shown, zone


@pytest.fixture
def tokyo() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("tokyo")
def test_a_time_is_shown_in_the_local_zone_or_in_utc() -> None:
    assert (shown("2025-09-02T14:30:00.123+00:00", utc=False), zone(utc=False)) == (
        "2025-09-02 23:30:00",
        "JST",
    )
    assert (shown("2025-09-02T14:30:00.123+00:00", utc=True), zone(utc=True)) == (
        "2025-09-02 14:30:00",
        "UTC",
    )
    assert not shown(None, utc=True)
