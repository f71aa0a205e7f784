import pytest

from ops.deployed.deployment import Names
from ops.smoke.advice import BACKUP, CLEAN_UP, RESULT, ROW, UPLOAD, VERDICT, advice
from tests.support.schema import ROOT

NAMES = Names(
    **{name: name for name in Names.__dataclass_fields__}
    | {
        "topic_arn": "arn:aws:sns:eu-central-1:123456789012:topic",
        "function_name": "csv-pipeline-dev-worker",
        "log_group": "/aws/lambda/csv-pipeline-dev-worker",
    }
)


@pytest.mark.parametrize("step", [UPLOAD, VERDICT, ROW, RESULT, BACKUP, CLEAN_UP])
def test_every_step_has_something_to_look_at(step: str) -> None:
    assert advice(step, NAMES, None)


def test_what_is_to_be_typed_is_about_this_stack() -> None:
    told = advice(VERDICT, NAMES, "dev")
    assert told["stack"] == "pipeline doctor --stack dev"
    assert told["log"].endswith("/csv-pipeline-dev-worker --since 15m --region eu-central-1")
    assert "/aws/lambda/operator_function_name --since" in told["operators' log"]
    assert "--queue-url dead_letter_queue_url " in told["dead-letter queue"]
    assert "--alarm-name-prefix csv-pipeline-dev- " in told["alarms"]
    assert "five minutes" in told["notification"]


def test_the_selected_stack_needs_no_name() -> None:
    assert advice(VERDICT, NAMES, None)["stack"] == "pipeline doctor"


@pytest.mark.parametrize("step", [UPLOAD, CLEAN_UP])
def test_the_document_that_is_named_has_that_section(step: str) -> None:
    assert 'docs/operations.md, "Smoke test"' in advice(step, NAMES, None)["permissions"]
    assert "\n## Smoke test\n" in (ROOT / "docs" / "operations.md").read_text()
