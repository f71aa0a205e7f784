"""The permissions that docs/operations.md lists for the smoke test are those that it needs, and no others.

The steps are taken against an emulator that enforces the list; then with each action and each resource taken
out of it, one at a time: a step must fail each time.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest
from botocore.exceptions import ClientError

from function.domain.keys import backup_key, result_key
from ops.deployed.deployment import Deployment, Names
from ops.smoke import steps
from ops.smoke.steps import Sent, StepError
from tests.infra.support.iam import BUCKETS, Cloud, Document, as_strict_as_s3, cloud
from tests.infra.support.program import ACCOUNT, REGION, ROOT, Program
from tests.infra.support.trims import Trim, trims
from tests.unit.ops.smoke.test_checks import RESULT

INPUT, OUTPUT, BACKUP = BUCKETS


def documented(function: str) -> Document:
    """The list, about the recorded stack, as a policy whose actions and resources are lists."""
    text = (ROOT / "docs" / "operations.md").read_text().partition("\n## Smoke test\n")[2]
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    for name, value in {
        "PREFIX": INPUT.removesuffix("-input"),
        "REGION": REGION,
        "ACCOUNT": ACCOUNT,
        "FUNCTION": function,
    }.items():
        block = block.replace(name, value)
    return {
        "Version": "2012-10-17",
        "Statement": [
            each | {name: _list(each[name]) for name in ("Action", "Resource")} for each in json.loads(block)
        ],
    }


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


TRIMS = trims(json.dumps(documented("any")))


@pytest.fixture(scope="module")
def world(dev: Program) -> Iterator[Cloud]:
    with cloud() as running:
        running.furnish(
            topic=dev.outputs["topic_arn"],
            queue=dev.outputs["dead_letter_queue_url"],
            log_group=dev.outputs["log_group"],
            secrets={},
        )
        yield running


@dataclass
class Asked(Deployment):
    """A deployment whose function has just processed the file.

    The call itself is made, and refused as the policy says; there is no function behind it.
    """

    names: Names
    world: Cloud

    def __post_init__(self) -> None:
        super().__init__(self.names)

    def ask(self, operation: str, **words: Any) -> dict[str, Any]:
        with pytest.raises(ClientError, match="ResourceNotFound"):
            super().ask(operation, **words)
        return {}


class Smoke:
    """The steps, as a role with this policy."""

    def __init__(self, world: Cloud, program: Program, document: Document, monkeypatch: pytest.MonkeyPatch):
        world.empty()
        for name, value in world.environment(world.role([document])).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
        names = Names(**{each.name: program.outputs[each.name] for each in fields(Names)})
        self._deployment, self._root = Asked(names, world), world.client("s3")
        self._deployment.session = _Strict(self._deployment.session, document)  # type: ignore[assignment]

    def takes_every_step(self) -> None:
        sent = steps.upload(self._deployment)
        row = self._process(sent)
        with pytest.raises(StepError, match="NoSuchKey"):  # and not AccessDenied
            steps.check_result(self._deployment, sent, row | {"result_key": "results/smoke/gone"})
        with pytest.raises(StepError, match="NoSuchKey"):
            steps.check_backup(self._deployment, sent, row | {"backup_key": "backup/smoke/gone"})
        with pytest.raises(StepError, match="it is about version"):
            steps.check_result(self._deployment, sent, row)
        steps.check_backup(self._deployment, sent, row)
        steps.clean_up(self._deployment, sent, row)
        for bucket in BUCKETS:
            assert "Versions" not in self._root.list_object_versions(Bucket=bucket)

    def _process(self, sent: Sent) -> dict[str, Any]:
        row = {
            "version_id": sent.version_id,
            "result_key": result_key(sent.sample.key),
            "backup_key": backup_key(sent.sample.key),
        }
        self._root.put_object(Bucket=OUTPUT, Key=row["result_key"], Body=json.dumps(RESULT))
        self._root.put_object(Bucket=BACKUP, Key=row["backup_key"], Body=sent.sample.content)
        return row


@dataclass
class _Strict:
    """Makes clients that refuse what S3 would and the emulator would not."""

    session: Any
    document: Document

    def client(self, service: str) -> Any:
        made = self.session.client(service)
        as_strict_as_s3(made, self.document)
        return made


def test_the_smoke_test_can_do_all_that_it_does(
    world: Cloud, dev: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    Smoke(world, dev, documented(dev.outputs["operator_function_name"]), monkeypatch).takes_every_step()


@pytest.mark.parametrize("trim", TRIMS, ids=lambda trim: f"{trim.statement}-{trim.element}-{trim.item}")
def test_it_needs_every_permission_of_the_list(
    world: Cloud, dev: Program, trim: Trim, monkeypatch: pytest.MonkeyPatch
) -> None:
    smoke = Smoke(world, dev, trim.of(documented(dev.outputs["operator_function_name"])), monkeypatch)
    with pytest.raises((ClientError, StepError, AssertionError), match=r"403|AccessDenied|Forbidden"):
        smoke.takes_every_step()
