"""Files that were in a bucket before the stack: each is processed, page by page."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from local.stack import Stack
from ops.deployed.backfill import Backfill, _notification
from ops.deployed.deployment import Deployment
from tests.e2e.support.operations import ask, reconcile
from tests.support import uploads
from tests.support.uploads import GOOD


@dataclass
class Operator:
    """What `pipeline backfill` has of a deployed stack."""

    stack: Stack
    bucket: str

    @property
    def names(self) -> SimpleNamespace:
        return SimpleNamespace(input_bucket=self.bucket)

    def suffixes(self) -> list[str]:
        return [".csv"]

    def ask(self, operation: str, **words: Any) -> dict[str, Any]:
        return ask(self.stack, operation, bucket=self.bucket, grace_seconds=0, **words)

    def process(self, event: dict[str, Any]) -> None:
        assert not self.stack.invoke(event).failed


def test_a_backfill_processes_what_has_no_row_page_by_page_and_is_taken_up_where_it_ended(
    stack: Stack, bucket: str
) -> None:
    keys = [f"in/{n} ü+%20.csv" for n in range(3)]
    objects = [uploads.put(stack, key, GOOD, bucket) for key in keys]
    uploads.put(stack, "in/other.txt", GOOD, bucket)
    operator = cast("Deployment", Operator(stack, bucket))
    operator.process(_notification(bucket, next(Backfill(operator, "in/", "2001-01-01").uploads())))
    backfill = Backfill(operator, "in/", "2001-01-01")
    tally = backfill.run(2, lambda _: None)
    assert (backfill.found, backfill.without_row) == (3, 2)
    assert (tally.done, tally.failures) == (2, [])
    for obj in objects:
        uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert not list(Backfill(operator, "in/", "2001-01-01").uploads())


def test_a_backfill_takes_a_prefix_and_a_date_and_the_suffixes_of_the_notification(
    stack: Stack, bucket: str
) -> None:
    for key in ("a/1.csv", "a/2.txt", "b/3.csv", "a/folder/"):
        uploads.put(stack, key, b"" if key.endswith("/") else GOOD, bucket)
    words = {"prefix": "a/", "suffixes": [".csv"]}
    assert reconcile(stack, bucket, **words, since="2999-01-01T00:00:00Z")["found"] == 0
    findings = reconcile(stack, bucket, **words, since="2001-01-01T00:00:00Z")
    assert findings["samples"] == {"without_row": ["a/1.csv"]}
