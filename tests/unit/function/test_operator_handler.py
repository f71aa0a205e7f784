from collections.abc import Mapping
from typing import Any

import pytest

from function import operator_handler as module
from function.domain.errors import EventError, SettingsError, TransientError
from function.domain.model import Deadline
from function.operator_handler import handler
from tests.unit.function.test_handler import FakeContext


class FakeOperations:
    def __init__(self, error: Exception | None = None):
        self.error = error

    async def run(self, event: Mapping[str, Any], owner: str, deadline: Deadline) -> dict[str, Any]:
        if self.error:
            raise self.error
        return {"did": event["operation"], "for": owner, "final": deadline.final}


def use(monkeypatch: pytest.MonkeyPatch, fake: FakeOperations) -> None:
    monkeypatch.setattr(module, "_operations", lambda: fake)


def test_an_operation_is_done_under_the_invocations_id_and_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeOperations())
    answer = handler({"operation": "status"}, FakeContext())
    assert answer == {"did": "status", "for": "request-1", "final": True}


def test_a_mistake_of_whoever_asks_is_an_answer_and_no_failed_invocation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, FakeOperations(EventError("no such operation")))
    assert handler({"operation": "dance"}, FakeContext()) == {"error": "no such operation"}


@pytest.mark.parametrize("error", [TransientError("database"), SettingsError("secret"), ZeroDivisionError()])
def test_a_fault_is_raised(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    use(monkeypatch, FakeOperations(error))
    with pytest.raises(type(error)):
        handler({"operation": "status"}, FakeContext())
