import json
import logging
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from function import finish_handler as module
from function.aws.fanout.merged_source import MergedSource
from function.domain.errors import EventError, TransientError
from function.domain.model import Deadline, Upload
from function.domain.outcome import Outcome
from function.finish_handler import handler
from tests.support.examples import OBJECT
from tests.unit.function.test_handler import FakeContext

NAME = "7-1-ab"


@dataclass(frozen=True)
class FakePipeline:
    source: Any = "the ordinary source"
    fault: Exception | None = None
    of_execution: bool = False
    seen: list[tuple[Upload, str, object]] = field(default_factory=list)

    async def process(self, upload: Upload, owner: str, deadline: Deadline) -> Outcome:
        assert self.of_execution, "it would take the file from the execution that took over"
        if self.fault:
            raise self.fault
        self.seen.append((upload, owner, self.source))
        return Outcome(OBJECT, "succeeded", rows=5)


def use(monkeypatch: pytest.MonkeyPatch, pipeline: FakePipeline) -> FakePipeline:
    work = SimpleNamespace(plan=lambda name: SimpleNamespace(obj=OBJECT, name=name))
    monkeypatch.setattr(module, "_application", lambda: SimpleNamespace(pipeline=pipeline))
    monkeypatch.setattr(module, "_work", lambda: work)
    return pipeline


def finish(**words: Any) -> Any:
    return handler({"operation": "finish", "name": NAME, **words}, FakeContext())


def test_the_execution_finishes_the_upload_as_the_owner_of_its_claim_with_what_its_parts_say(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fake = use(monkeypatch, FakePipeline())
    with caplog.at_level(logging.INFO):
        answer = finish(sequential=False)
    [(upload, owner, source)] = fake.seen
    assert (upload, owner) == (OBJECT, NAME)
    assert isinstance(source, MergedSource)
    assert source.source is fake.source
    assert source.name == NAME
    assert (answer["rows"], answer["execution"]) == (5, NAME)
    json.dumps(answer)
    [record] = [vars(each) for each in caplog.records if each.message == "processed"]
    assert (record["status"], record["rows"], record["execution"]) == ("succeeded", 5, NAME)


def test_where_the_parts_do_not_tell_the_object_is_read_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = use(monkeypatch, FakePipeline())
    finish(sequential=True)
    assert fake.seen == [(OBJECT, NAME, "the ordinary source")]


def test_a_fault_is_raised_for_the_state_machine_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakePipeline(fault=TransientError("SNS is down")))
    with pytest.raises(TransientError, match="SNS is down"):
        finish()


def test_a_merge_is_answered_and_its_reason_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    use(monkeypatch, FakePipeline())
    seen: list[object] = []

    def merge(work: object, name: str, number: int) -> tuple[dict[str, Any], str | None]:
        seen.append((name, number))
        return {"state": "redo", "items": ["x/1", "x/2"]}, None

    monkeypatch.setattr(module, "merge_parts", merge)
    with caplog.at_level(logging.INFO):
        answer = handler({"operation": "merge", "name": NAME, "round": 2}, FakeContext())
    assert (answer, seen) == ({"state": "redo", "items": ["x/1", "x/2"]}, [(NAME, 2)])
    [record] = [vars(each) for each in caplog.records if each.message == "merged"]
    assert (record["execution"], record["round"], record["state"], record["again"]) == (NAME, 2, "redo", 2)


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({"operation": "dance", "name": NAME}, "unknown operation 'dance': it is merge or finish"),
        ({"operation": "merge", "name": NAME}, "merge: round is missing"),
        ({"operation": "finish"}, "finish: name is missing"),
        ({"operation": "finish", "name": NAME, "sequential": "no"}, "sequential is 'no', not bool"),
    ],
)
def test_a_step_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, event: dict[str, Any], complaint: str
) -> None:
    use(monkeypatch, FakePipeline())
    with pytest.raises(EventError, match=complaint):
        handler(event, FakeContext())
