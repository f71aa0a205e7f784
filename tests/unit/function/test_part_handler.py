import logging

import pytest

from function import part_handler as module
from function.domain.errors import EventError, TransientError
from function.domain.fanout import Item
from function.domain.model import Deadline, Document
from function.part_handler import handler
from tests.unit.function.test_handler import FakeContext


class FakeParts:
    def __init__(self, error: Exception | None = None):
        self.error = error
        self.seen: list[tuple[Item, bool]] = []

    def read(self, item: Item, deadline: Deadline) -> Document:
        if self.error:
            raise self.error
        self.seen.append((item, deadline.final))
        return {"bytes": 5, "ms": 7}


def use(monkeypatch: pytest.MonkeyPatch, fake: FakeParts) -> FakeParts:
    monkeypatch.setattr(module, "_parts", lambda: fake)
    return fake


def test_an_item_is_read_logged_and_answered_with_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fake = use(monkeypatch, FakeParts())
    with caplog.at_level(logging.INFO):
        assert handler({"item": "7-1-ab/3/x"}, FakeContext()) == {}
    assert fake.seen == [(Item("7-1-ab", 3, "x"), True)]
    [record] = [vars(each) for each in caplog.records if each.message == "read"]
    assert {name: record[name] for name in ("execution", "part", "bytes", "ms")} == {
        "execution": "7-1-ab", "part": 3, "bytes": 5, "ms": 7
    }  # fmt: skip


def test_a_fault_is_raised_for_the_state_machine_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeParts(TransientError("S3 is down")))
    with pytest.raises(TransientError, match="S3 is down"):
        handler({"item": "7-1-ab/3"}, FakeContext())


def test_an_event_that_is_no_item_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeParts())
    with pytest.raises(EventError, match="not an item of an execution"):
        handler({"Records": []}, FakeContext())
