"""The functions of the state machine can do all that they do, and nothing that they do not do.

Their own code makes the calls, as in tests/infra/iam/test_policies.py, where worker and operators' function start
executions.
"""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from function.aws.fanout.merging import merge_parts
from function.aws.fanout.parts import Parts, connect
from function.aws.fanout.work import Planned, Work
from function.domain.fanout import Item, part_key, plan_key
from function.domain.model import CsvObject, Deadline
from infra.iam import executions, policies
from tests.infra.fanout.starting import planned
from tests.infra.support.iam import Cloud, Document, as_strict_as_s3, environment, policy_of
from tests.infra.support.processors import INPUT, OUTPUT, Processor
from tests.infra.support.program import Program
from tests.infra.support.trims import Trim, labels, trims

NOW = datetime(2025, 9, 2, 14, 30, tzinfo=UTC)
TABLE = b"a,b\n1,2\n3,4\n5,6\n"
REFUSALS = r"403|AccessDenied|not authorized|Forbidden|assert"
PART = executions.part(input_bucket="i", output="o")
FINISH = policies.finish(input_bucket="i", output="o", backup="b", topic="t", secret="s")


class Part:
    """The function that reads a part, as its role, with what the worker left for it."""

    def __init__(self, world: Cloud, program: Program, document: Document, monkeypatch: pytest.MonkeyPatch):
        world.empty()
        self.root = world.client("s3")
        for name, value in world.environment(world.role([document])).items():
            monkeypatch.setenv(name, value)
        self.parts: Parts = connect(environment(program, "-part")["OUTPUT_BUCKET"])
        as_strict_as_s3(self.parts.s3, document)

    def does_everything(self) -> None:
        self.reads_a_part()
        self.finds_that_the_version_is_gone()
        self.finds_that_the_version_is_refused()

    def reads_a_part(self) -> None:
        assert b"unreadable" not in self._read(self._put())

    def finds_that_the_version_is_gone(self) -> None:
        obj = self._put()
        self.root.delete_object(Bucket=INPUT, Key=obj.key, VersionId=obj.version_id)
        assert b"no longer there" in self._read(obj)

    def finds_that_the_version_is_refused(self) -> None:
        """By a policy of the bucket, say, which refuses this object and not the other."""
        self._put()
        obj, events = self._put(), self.parts.s3.meta.events

        def refuse(params: dict[str, Any], model: Any, **_: Any) -> Any:
            if model.name in {"GetObject", "HeadObject"} and obj.key in params["url_path"]:
                error = {"Code": "AccessDenied", "Message": "Access Denied"}
                return _Refusal(), {"Error": error, "ResponseMetadata": {}}
            return None

        events.register("before-call.s3", refuse)
        try:
            assert b"refuses it" in self._read(obj)
        finally:
            events.unregister("before-call.s3", refuse)

    def _put(self) -> CsvObject:
        key = f"{time.monotonic_ns()}.csv"
        made = self.root.put_object(Bucket=INPUT, Key=key, Body=TABLE)
        return CsvObject(INPUT, key, made["VersionId"], made["ETag"].strip('"'), len(TABLE), NOW)

    def _read(self, obj: CsvObject) -> bytes:
        name = f"1-1-{time.monotonic_ns()}"
        Work(self.root, OUTPUT).write_plan(name, Planned(obj, planned(len(TABLE)), NOW))
        self.parts.read(Item(name, 0), Deadline(time.monotonic() + 60))
        found: bytes = self.root.get_object(Bucket=OUTPUT, Key=part_key(name, 0))["Body"].read()
        return found


class _Refusal:
    status_code = 403


class Finish(Processor):
    name = "-finish"

    def does_everything(self) -> None:
        super().does_everything()
        self.merges()

    def merges(self) -> None:
        """What a part left, as root stands for the function that reads it."""
        obj, name = self.put(), f"1-1-{time.monotonic_ns()}"
        of_root = Work(self._root, OUTPUT)
        of_root.write_plan(name, Planned(obj, planned(obj.size), NOW))
        Parts(self._root, of_root).read(Item(name, 0), Deadline(time.monotonic() + 60))
        work = Work(self._source._s3, OUTPUT)
        assert merge_parts(work, name, 1)[0] == {"state": "merged"}
        assert work.merged(name).scan.profile
        assert plan_key(name) in str(self._root.list_objects_v2(Bucket=OUTPUT, Prefix="work/"))


KINDS: dict[str, type[Part | Finish]] = {"-part": Part, "-finish": Finish}
TRIMS = [
    *(pytest.param("-part", trim, id=f"part-{labels(trim)}") for trim in trims(PART)),
    *(pytest.param("-finish", trim, id=f"finish-{labels(trim)}") for trim in trims(FINISH)),
]


@pytest.mark.parametrize("name", KINDS)
def test_a_function_can_do_all_that_it_does(
    world: Cloud, dev: Program, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    KINDS[name](world, dev, policy_of(world, dev, name), monkeypatch).does_everything()


@pytest.mark.parametrize(("name", "trim"), TRIMS)
def test_a_function_can_do_nothing_that_it_does_not_do(
    world: Cloud, dev: Program, name: str, trim: Trim, monkeypatch: pytest.MonkeyPatch
) -> None:
    does = KINDS[name](world, dev, trim.of(policy_of(world, dev, name)), monkeypatch)
    with pytest.raises(Exception, match=REFUSALS):
        does.does_everything()


def test_what_reads_a_part_knows_no_secret_no_topic_and_starts_nothing(dev: Program) -> None:
    text = dev.one("RolePolicy", "-part-permissions")["policy"]
    assert not [service for service in ("secretsmanager:", "sns:", "states:", "sqs:") if service in text]
    assert "states:" not in dev.one("RolePolicy", "-finish-permissions")["policy"]
