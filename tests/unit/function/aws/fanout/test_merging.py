"""The rounds of an execution, with real parts in a store that is kept in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from function.aws.fanout import merging as module
from function.aws.fanout.code import identity
from function.aws.fanout.merging import MOST_ROUNDS, merge_parts
from function.aws.fanout.work import Planned, UnreadableError
from function.domain.fanout import Item
from function.domain.instructions import Options
from function.scan import scan
from function.scan.parts.model import Merged, Part, Plan, Redo
from function.scan.parts.part import read_part
from function.scan.parts.plan import plan
from tests.support.examples import OBJECT

NAME = "7-1-ab"
# the second part begins within a quoted field whose lines look like records, and the field ends beyond its window
INSIDE = b"1,name 1,text 1\n" * 40_000
TABLE = (
    b'id,name,text\n9,nine,"'
    + INSIDE
    + b'"\n'
    + b"".join(b"%d,name,text\n" % number for number in range(50_000))
)


@dataclass
class FakeWork:
    planned: Plan
    results: dict[int, Part] = field(default_factory=dict)
    unreadable: str = ""
    code: str = field(default_factory=identity)
    merged: Merged | None = None

    def plan(self, name: str) -> Planned:
        assert name == NAME
        return Planned(OBJECT, self.planned, datetime.now(UTC), self.code)

    def parts(self, name: str, count: int) -> Iterator[Part]:
        if self.unreadable:
            raise UnreadableError(self.unreadable)
        yield from (self.results[number] for number in range(count))

    def write_merged(self, name: str, merged: Merged) -> None:
        self.merged = merged

    def read(self, item: Item) -> None:
        self.results[item.part] = read_part(
            self.planned, item.part, lambda at: iter([TABLE[at:]]), item.known
        )

    def merge(self, number: int) -> tuple[Any, str | None]:
        return merge_parts(cast("Any", self), NAME, number)


@pytest.fixture(scope="module")
def planned() -> Plan:
    found = plan(iter([TABLE]), len(TABLE), Options(), 200_000)
    assert found
    return found


@pytest.fixture
def work(planned: Plan) -> FakeWork:
    work = FakeWork(planned)
    for part in range(planned.count):
        work.read(Item(NAME, part))
    return work


def test_parts_that_do_not_fit_are_read_again_until_all_fit(work: FakeWork) -> None:
    rounds = []
    for number in range(1, MOST_ROUNDS + 2):
        answer, _ = work.merge(number)
        rounds.append(answer["state"])
        for item in answer.get("items", []):
            work.read(Item.parse(item))
    assert rounds[0] == "redo"
    assert rounds[-1] == "merged"
    whole = scan([TABLE])
    assert work.merged
    assert work.merged.scan.profile == whole.profile
    assert work.merged.scan.size == whole.size


def test_parts_that_still_do_not_fit_are_given_up_for_the_reading_in_one_piece(work: FakeWork) -> None:
    for number in range(1, MOST_ROUNDS + 1):
        assert work.merge(number)[0]["state"] == "redo"
    answer, reason = work.merge(MOST_ROUNDS + 1)
    assert answer == {"state": "sequential"}
    assert reason
    assert reason.startswith(f"round {MOST_ROUNDS + 1}: ")
    assert work.merged is None


def test_more_items_than_a_state_may_pass_on_are_not_read_again(
    work: FakeWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Redo(tuple((number, "x" * 40) for number in range(4000)))
    monkeypatch.setattr(module, "merge", lambda *_: many)
    assert work.merge(1)[0] == {"state": "sequential"}
    monkeypatch.setattr(module, "merge", lambda *_: Redo(many.items[:1000]))
    assert len(work.merge(1)[0]["items"]) == 1000


def test_an_object_whose_bytes_cannot_be_had_is_left_to_the_reading_in_one_piece(work: FakeWork) -> None:
    work.unreadable = "the version is gone"
    assert work.merge(1) == ({"state": "sequential"}, "the version is gone")


def test_parts_that_other_code_has_read_are_not_merged(work: FakeWork) -> None:
    work.code = "that of the version before"
    answer, reason = work.merge(1)
    assert answer == {"state": "sequential"}
    assert reason == "another version of the function was deployed while the parts were read"
