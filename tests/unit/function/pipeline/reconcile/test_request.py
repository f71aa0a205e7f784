from datetime import UTC, datetime
from typing import Any

import pytest

from function.domain.errors import EventError
from function.pipeline.reconcile import Request


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({}, "'bucket' is missing"),
        ({"bucket": "b", "since": "noon"}, "noon"),
        ({"bucket": "b", "grace_seconds": 1e30}, "reconcile: "),
        ({"bucket": "b", "position": {"pass": "tea"}}, "is not a position"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(event: dict[str, Any], complaint: str) -> None:
    with pytest.raises(EventError, match=complaint):
        Request.parse(event)


def test_a_date_without_a_zone_is_utc() -> None:
    assert Request.parse({"bucket": "b", "since": "2025-01-01"}).since == datetime(2025, 1, 1, tzinfo=UTC)
