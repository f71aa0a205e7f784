"""The file of a smoke test. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ops.deployed.deployment import KeyFilter

_ROWS = 25


@dataclass(frozen=True, slots=True)
class Sample:
    """What is uploaded.

    Attributes:
        key: in the input bucket; `forget_smoke` of the database removes rows of such keys only.
        content: a CSV of `rows` records below a header.
    """

    key: str
    content: bytes
    rows: int


def sample(now: datetime, token: str, filters: Sequence[KeyFilter]) -> Sample:
    """A file whose key the stack's notification lets pass, and whose content no other file has.

    Args:
        now: when the test begins, in UTC.
        token: eight hexadecimal digits, others for each test.
        filters: of the notification; none if every key passes.
    """
    records = (
        f"{number},{token},{now + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}\n"
        for number in range(1, _ROWS + 1)
    )
    content = "number,token,time\n" + "".join(records)
    return Sample(_key(now, token, filters), content.encode(), _ROWS)


def _key(now: datetime, token: str, filters: Sequence[KeyFilter]) -> str:
    """The reader goes by the content, so any ending will do; `.csv` if there is a choice."""
    plain = [each for each in filters if ".csv".endswith(each.suffix)] or filters or [KeyFilter("", "")]
    prefix, suffix = plain[0].prefix, ".csv" if ".csv".endswith(plain[0].suffix) else plain[0].suffix
    folder = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
    return f"{folder}smoke/{now:%Y-%m-%d_%H-%M-%S}_{token}{suffix}"
