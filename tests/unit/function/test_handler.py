import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from function import handler as module
from function.domain.errors import EventError, SettingsError, TransientError
from function.domain.model import CsvObject, Deadline, Upload
from function.domain.outcome import Outcome
from function.handler import handler
from tests.support.examples import OBJECT

EVENT = json.loads((Path(__file__).parents[2] / "events" / "several.json").read_text())


@dataclass
class FakeContext:
    aws_request_id: str = "request-1"
    milliseconds: int = 300_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


@dataclass
class FakePipeline:
    faults: Mapping[str, Exception] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    final: list[bool] = field(default_factory=list)

    async def process(self, upload: Upload, owner: str, deadline: Deadline) -> Outcome:
        self.seen.append((upload.key, owner))
        self.final.append(deadline.final)
        if upload.key in self.faults:
            raise self.faults[upload.key]
        return Outcome(CsvObject(upload.bucket, upload.key, "v1", "", 0, OBJECT.uploaded_at), "succeeded", 5)


def use(monkeypatch: pytest.MonkeyPatch, fake: FakePipeline) -> FakePipeline:
    application = SimpleNamespace(pipeline=fake)
    monkeypatch.setattr(module, "_application", lambda: application)
    return fake


def test_every_upload_is_processed_under_the_invocations_id(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = use(monkeypatch, FakePipeline())
    outcomes = handler(EVENT, FakeContext())
    assert fake.seen == [("space plus+é%.csv", "request-1"), ("a//b.csv", "request-1")]
    assert outcomes[0] == {
        "key": "space plus+é%.csv",
        "version_id": "v1",
        "status": "succeeded",
        "rows": 5,
        "doubts": None,
        "doubt_codes": "",
        "remarks": 0,
        "remark_codes": "",
        "error_code": None,
        "repeated": False,
        "execution": None,
    }
    json.dumps(outcomes)


def test_a_fault_is_raised_after_the_other_uploads_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = use(monkeypatch, FakePipeline({"space plus+é%.csv": TransientError("S3 is down")}))
    with pytest.raises(TransientError, match="S3 is down"):
        handler(EVENT, FakeContext())
    assert [key for key, _ in fake.seen] == ["space plus+é%.csv", "a//b.csv"]


def test_a_fault_nobody_foresaw_is_raised_too(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakePipeline({"a//b.csv": ZeroDivisionError()}))
    with pytest.raises(ZeroDivisionError):
        handler(EVENT, FakeContext())


def test_several_faults_are_raised_together(monkeypatch: pytest.MonkeyPatch) -> None:
    faults: dict[str, Exception] = {
        "space plus+é%.csv": TransientError("one"),
        "a//b.csv": TransientError("other"),
    }
    use(monkeypatch, FakePipeline(faults))
    with pytest.raises(ExceptionGroup, match="2 of 2 uploads not processed") as caught:
        handler(EVENT, FakeContext())
    assert list(caught.value.exceptions) == list(faults.values())


def test_an_event_of_another_kind_is_refused_before_anything_is_connected() -> None:
    with pytest.raises(EventError):
        handler({"detail": {}}, FakeContext())


def test_an_environment_that_is_not_set_up_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUTPUT_BUCKET", raising=False)
    with pytest.raises(SettingsError, match="OUTPUT_BUCKET"):
        handler(EVENT, FakeContext())


def test_an_operation_is_for_the_other_function(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = use(monkeypatch, FakePipeline())
    with pytest.raises(EventError, match="no Records in an event with operation"):
        handler({"operation": "status"}, FakeContext())
    assert not fake.seen


def test_only_the_first_upload_has_all_the_time_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = use(monkeypatch, FakePipeline())
    handler(EVENT, FakeContext())
    assert fake.final == [True, False]


def test_a_record_that_is_none_of_ours_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = use(monkeypatch, FakePipeline())
    event = {"Records": [{"eventName": "ObjectRemoved:Delete"}, *EVENT["Records"]]}
    with pytest.raises(EventError, match=r"Records\[0\] is a ObjectRemoved"):
        handler(event, FakeContext())
    assert [key for key, _ in fake.seen] == ["space plus+é%.csv", "a//b.csv"]
