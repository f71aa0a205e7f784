"""Sixty daily files of one series, twelve of which are changed on purpose."""

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from function.domain.series.remarks import RemarkCode

DAYS, CHANGES, QUIET = 60, 12, 6  # nothing is changed in the first days, whatever the season
Row = dict[str, str]
Table = list[Row]


@dataclass(frozen=True)
class Change:
    """What is done to a file: the remarks it must get, those it may get, and whether it lasts."""

    day: int
    kind: str
    wanted: RemarkCode
    allowed: frozenset[RemarkCode] = frozenset()
    lasts: bool = False


@dataclass
class Season:
    """One series.

    Attributes:
        seed: what it is made of.
        weekly: a fifth of the rows at weekends.
        growth: rows more from day to day, as a share.
    """

    seed: int
    draw: random.Random = field(init=False)
    changes: list[Change] = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.weekly = self.draw.random() < 0.5
        self.growth = self.draw.choice([0, 0, 0.01])
        self.rows = self.draw.choice([80, 300, 1000])
        self.names = ["id", "ordered_at", "customer", "country", "amount", "quantity", "paid", "note", "code"]
        kinds = list(KINDS)
        self.draw.shuffle(kinds)
        days = sorted(self.draw.sample(range(QUIET, DAYS), CHANGES))
        named = [kinds[number % len(kinds)] for number in range(CHANGES)]
        self.changes = [
            Change(day, kind, *KINDS[kind][1:], lasts=kind in LASTING and self.draw.random() < 0.5)
            for day, kind in zip(days, named, strict=True)
        ]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Key and content of each day's file."""
        lasting: list[Change] = []
        content = b""
        for day in range(DAYS):
            when = date(2025, 1, 6) + timedelta(days=day)
            planted = [change for change in self.changes if change.day == day]
            table = self._table(day, when)
            for change in (*lasting, *planted):
                table = KINDS[change.kind][0](table, random.Random(self.seed + change.day))
            lasting += [change for change in planted if change.lasts]
            if not any(change.wanted is RemarkCode.SAME_BYTES for change in planted):
                content = _csv(table)
            yield f"orders/{when.isoformat()}.csv", content

    def _table(self, day: int, when: date) -> Table:
        draw = self.draw
        usual = self.rows * (1 + self.growth) ** day * (0.2 if self.weekly and when.weekday() >= 5 else 1)
        return [
            self._row(when, number) for number in range(max(5, round(usual * draw.lognormvariate(0, 0.08))))
        ]

    def _row(self, when: date, number: int) -> Row:
        draw = self.draw
        values = (
            str(10_000 + number),
            f"{when} {draw.randrange(24):02}:{draw.randrange(60):02}:{draw.randrange(60):02}",
            f"customer {draw.randrange(500)}",
            draw.choice(["de", "fr", "pl", "it"]),
            f"{draw.lognormvariate(3, 1):.2f}",
            str(draw.randrange(1, 9)),
            draw.choice(["true", "false"]),
            draw.choice(["", "", "", "gift", "call first", "12"]),
            draw.choice(["A", "B", "7", "8"]) if draw.random() < 0.9 else "",
        )
        return dict(zip(self.names, values, strict=True))


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode()


def _renamed(table: Table, old: str, new: str) -> Table:
    return [{new if name == old else name: value for name, value in row.items()} for row in table]


def _added(table: Table, draw: random.Random) -> Table:
    return [{**row, "channel": draw.choice(["web", "shop"])} for row in table]


def _gone(table: Table, draw: random.Random) -> Table:
    return [{name: value for name, value in row.items() if name != "quantity"} for row in table]


def _moved(table: Table, draw: random.Random) -> Table:
    return [
        {"country": row.get("country", ""), **{n: v for n, v in row.items() if n != "country"}}
        for row in table
    ]


def _valued(table: Table, name: str, value: Callable[[str, int], str]) -> Table:
    return [{**row, name: value(row[name], number)} for number, row in enumerate(table)]


KINDS: dict[str, tuple[Callable[[Table, random.Random], Table], RemarkCode, frozenset[RemarkCode]]] = {
    "a column added": (_added, RemarkCode.COLUMNS_ADDED, frozenset({RemarkCode.SIZE_UNUSUAL})),
    "a column gone": (_gone, RemarkCode.COLUMNS_GONE, frozenset()),
    "a column renamed": (
        lambda table, _: _renamed(table, "customer", "client"), RemarkCode.COLUMNS_RENAMED, frozenset()
    ),
    "a column moved": (_moved, RemarkCode.COLUMNS_MOVED, frozenset()),
    "a number becomes text": (
        lambda table, _: _valued(table, "amount", lambda value, n: "n/a" if n % 40 == 3 else value),
        RemarkCode.TYPE_CHANGED,
        frozenset(),
    ),
    "a decimal comma": (
        lambda table, _: _valued(table, "amount", lambda value, _: value.replace(".", ",")),
        RemarkCode.TYPE_CHANGED,
        frozenset(),
    ),
    "a third of the rows": (
        lambda table, _: table[: max(1, len(table) // 3)], RemarkCode.ROWS_UNUSUAL, frozenset({RemarkCode.SIZE_UNUSUAL})
    ),
    "three times the rows": (
        lambda table, _: table * 3, RemarkCode.ROWS_UNUSUAL, frozenset({RemarkCode.SIZE_UNUSUAL})
    ),
    "a third of a column missing": (
        lambda table, _: _valued(table, "country", lambda value, n: "" if n % 3 == 0 else value),
        RemarkCode.NULLS_UNUSUAL,
        frozenset(),
    ),
    "long texts": (
        lambda table, _: _valued(table, "note", lambda value, _: value + "x" * 150), RemarkCode.SIZE_UNUSUAL,
        frozenset({RemarkCode.NULLS_UNUSUAL}),
    ),
    "the bytes of the day before": (lambda table, _: table, RemarkCode.SAME_BYTES, frozenset()),
    "no rows": (
        lambda table, _: table[:1], RemarkCode.ROWS_UNUSUAL, frozenset({RemarkCode.SIZE_UNUSUAL, RemarkCode.NULLS_UNUSUAL})
    ),
}  # fmt: skip
LASTING = {
    "a column added",
    "a column gone",
    "a column renamed",
    "a column moved",
    "a decimal comma",
    "long texts",
}
