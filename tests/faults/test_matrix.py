"""Every fault at every step: what the pipeline promises holds, and how the file came home is told."""

import itertools
import os
import time
from collections.abc import Iterator

import pytest

from function.model import CsvObject
from local.stack import Stack
from tests.faults.cases import CASES, PASSWORD, RECOVERIES, REQUESTS, STATEMENTS, Case, Outage, aws_break
from tests.faults.table import Line, lines
from tests.faults.theatre import BUCKET, Theatre, theatre
from tests.support import uploads

GOOD = b"id,name\n" + b"".join(b"%d,name %d\n" % (n, n) for n in range(1000))
BAD = b'id,name\n1,"never closed\n' + b"2,b\n" * 100
OURS = {"TransientError", "SettingsError", "ExceptionGroup", "Runtime.ExitError"}
_number = itertools.count()


@pytest.fixture(scope="module")
def house() -> Iterator[Theatre]:
    with theatre(concurrency=1, timeout=20.0, retry_delays=(0.05, 0.05)) as opened:
        opened.alter_role(f"PASSWORD '{PASSWORD}'")
        opened.change_secret(PASSWORD)
        yield opened


def chosen() -> list[Case]:
    """All cases, or every seventh fault at a step, each with another way back."""
    if os.environ.get("FAULTS") == "all":
        return CASES
    ways = len(RECOVERIES)
    return [CASES[ways * play + play % ways] for play in range(0, len(CASES) // ways, 7)]


@pytest.mark.parametrize("case", chosen(), ids=str)
def test_whatever_breaks_the_file_comes_home_once(house: Theatre, case: Case) -> None:
    body, status = (BAD, "failed") if next(_number) % 4 == 0 else (GOOD, "succeeded")
    obj = uploads.put(house.stack, f"{next(_number)}.csv", body, BUCKET)
    began = time.monotonic()
    house.steps.clear()
    play(house, case, obj)
    traces = uploads.finished(house.stack, obj)
    lines.append(Line(case, house.steps.count("begin"), len(traces.messages), time.monotonic() - began))
    assert not house.stack.dead_letters()
    assert (len(traces.rows), len(traces.results), len(traces.backups)) == (1, 1, 1)
    assert (traces.row["status"], traces.result["status"]) == (status, status), traces.row["error_message"]
    assert traces.row["result"] == traces.result
    assert traces.row["claimed_until"] is None
    assert traces.row["row_count"] == (1000 if status == "succeeded" else traces.row["row_count"])
    assert traces.body == body
    assert {each["attributes"]["status"] for each in traces.messages} == {status}
    assert 1 <= len(traces.messages) <= (4 if case.may_tell_twice else 1)


def play(house: Theatre, case: Case, obj: CsvObject) -> None:
    """Send the event into the fault, end the fault when the case says so, and take the way back."""
    outage = Outage(house)
    if case.step == "read secret":
        house.kill_workers()
    if case.step in REQUESTS:
        service, matches = REQUESTS[case.step]
        proxy = house.aws[service]
        proxy.matches, proxy.breaks = matches, aws_break(house, case.fault)
    attempts = itertools.count(1)
    active = False

    def end() -> None:
        outage.end()
        for proxy in house.aws.values():
            house.loop.run(proxy.heal())

    def heard(step: str) -> None:
        nonlocal active
        if step == "begin" and next(attempts) > 1 and case.recovery == "retry":
            end()
            house.heard = lambda _: None
        elif case.step in STATEMENTS and step == moment and not active:
            active = "killed" not in case.fault
            outage.begin("killed before" if "killed" in case.fault else case.fault)

    moment = f"{'after' if case.fault == 'killed once served' else 'before'} {case.step}"
    house.heard = heard
    house.stack.send(event(case, obj))
    house.stack.settle()
    letters = house.stack.dead_letters()
    house.heard = lambda _: None
    end()
    assert {letter["responsePayload"]["errorType"] for letter in letters} <= OURS, letters
    if case.recovery == "reconcile":
        forget(house.stack)
        uploads.until(lambda: reconciled(house.stack), 20, "nothing more to reconcile")
    elif letters:
        house.stack.redrive()


def event(case: Case, obj: CsvObject) -> dict[str, object]:
    sent = uploads.event(obj)
    if case.step == "pin":
        del sent["Records"][0]["s3"]["object"]["versionId"]
    return sent


def reconciled(stack: Stack) -> bool:
    """Reconcile, as a schedule does; whether all is done. A lease of the dead has to run out first."""
    answer = stack.invoke({"operation": "reconcile", "bucket": BUCKET, "grace_seconds": 0})
    assert not answer.failed, answer.payload
    (row,) = uploads.query(stack, "SELECT count(*) FROM file_metadata WHERE finished_at IS NULL")
    done = row["count"] == 0 and not answer.payload["without_row"]
    if not done:
        time.sleep(0.5)
    return done


def forget(stack: Stack) -> None:
    """Lose the dead letters, too."""
    sqs = stack.client("sqs")
    sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName="dead-letters")["QueueUrl"])
