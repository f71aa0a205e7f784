import re

import pytest

from tests.infra.documents.test_docs import anchor
from tests.infra.support.program import ROOT, Program, Resource, run, stack_config

LAMBDA, SQS, RDS, SCHEDULER = "AWS/Lambda", "AWS/SQS", "AWS/RDS", "AWS/Scheduler"
STATES = "AWS/States"
OWN, ABOVE, BELOW = "csv-pipeline-dev", "GreaterThanThreshold", "LessThanThreshold"
HOUR, DAY = 3600, 24 * 3600
ALARMS = {
    "errors": (LAMBDA, "Errors", "Sum", ABOVE, 0, 60),
    "duration": (LAMBDA, "Duration", "Maximum", ABOVE, 5000, 60),
    "throttles": (LAMBDA, "Throttles", "Sum", ABOVE, 0, 60),
    "dropped": (LAMBDA, "AsyncEventsDropped", "Sum", ABOVE, 0, 60),
    "undelivered": (LAMBDA, "DestinationDeliveryFailures", "Sum", ABOVE, 0, 60),
    "dead-letters": (SQS, "ApproximateNumberOfMessagesVisible", "Maximum", ABOVE, 0, 60),
    "executions-failed": (STATES, "ExecutionsFailed", "Sum", ABOVE, 0, 60),
    "executions-timed-out": (STATES, "ExecutionsTimedOut", "Sum", ABOVE, 0, 60),
    "executions-aborted": (STATES, "ExecutionsAborted", "Sum", ABOVE, 0, 60),
    "finish-errors": (LAMBDA, "Errors", "Sum", ABOVE, 0, 60),
    "operator-errors": (LAMBDA, "Errors", "Sum", ABOVE, 0, 60),
    "migrate-errors": (LAMBDA, "Errors", "Sum", ABOVE, 0, 60),
    "schedule-errors": (SCHEDULER, "TargetErrorCount", "Sum", ABOVE, 0, 60),
    "schedule-dropped": (SCHEDULER, "InvocationDroppedCount", "Sum", ABOVE, 0, 60),
    "reconcile-silent": (OWN, "Reconciliations", "Sum", BELOW, 1, HOUR),
    "database-connections": (RDS, "DatabaseConnections", "Maximum", ABOVE, 60, 300),
    "database-cpu": (RDS, "CPUUtilization", "Average", ABOVE, 80, 300),
    "database-storage": (RDS, "FreeStorageSpace", "Minimum", BELOW, 2**30, 300),
    "database-credits": (RDS, "CPUSurplusCreditsCharged", "Maximum", ABOVE, 0, HOUR),
}
RECOVERIES = {"waiting", "reconcile-silent", "database-connections", "database-cpu", "database-storage"}


def alarms(program: Program) -> dict[str, Resource]:
    """Every alarm by its name without the stack's."""
    stack = program.outputs["function_name"].removesuffix("-worker")
    return {each.name.removeprefix(f"{stack}-"): each for each in program.all("MetricAlarm")}


def test_there_is_an_alarm_for_each_way_to_lose_or_delay_a_file(dev: Program) -> None:
    assert alarms(dev).keys() == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_its_metric(dev: Program, name: str) -> None:
    alarm = alarms(dev)[name]
    keys = ("namespace", "metricName", "statistic", "comparisonOperator", "threshold", "period")
    assert tuple(alarm[key] for key in keys) == ALARMS[name]


def test_every_alarm_tells_the_shared_topic_of_trouble_and_of_a_recovery_that_is_news(
    program: Program,
) -> None:
    topic = [program.outputs["topic_arn"]]
    for name, alarm in alarms(program).items():
        assert alarm["alarmActions"] == topic
        assert alarm.inputs.get("okActions", []) == (topic if name in RECOVERIES else []), name
        assert alarm["alarmDescription"]


def test_the_mail_of_every_alarm_names_the_section_of_the_runbook_that_has_it(program: Program) -> None:
    sections = re.split(r"^#+ (.*)$", (ROOT / "docs" / "operations.md").read_text(), flags=re.MULTILINE)
    texts = {anchor(heading): text for heading, text in zip(sections[1::2], sections[2::2], strict=True)}
    for name, alarm in alarms(program).items():
        document, _, section = alarm["alarmDescription"].rpartition("What to do: ")[2].partition("#")
        assert document == "docs/operations.md"
        assert f"\n| `{name}` |" in texts[section], name
        assert len(alarm["alarmDescription"]) <= 1024  # "PutMetricAlarm", CloudWatch API reference


def test_the_documents_say_of_every_alarm_what_it_means_and_whether_its_recovery_is_mailed(
    program: Program,
) -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z-]+)` \|.*\| (yes|no): [^|]+ \|$", text, re.MULTILINE))
    assert alarms(program).keys() <= rows.keys()
    assert {name for name, news in rows.items() if news == "yes"} == RECOVERIES
    assert rows.keys() == ALARMS.keys() | {"waiting"}


def test_only_silence_is_trouble_where_nothing_is_measured(program: Program) -> None:
    for name, alarm in alarms(program).items():
        expected = "breaching" if name == "reconcile-silent" else "notBreaching"
        assert alarm["treatMissingData"] == expected


def test_no_alarm_looks_further_back_than_cloudwatch_does(program: Program) -> None:
    """PutMetricAlarm: seven days, and one day for periods of less than an hour."""
    longest = run(
        "dev", stack_config("Pulumi.dev.yaml", reconcileSchedule="rate(6 days)", alarmReconcileHours=168)
    )
    assert alarms(longest)["reconcile-silent"]["evaluationPeriods"] == 168
    for each in (program, longest):
        for alarm in each.all("MetricAlarm"):
            looks_back = alarm["period"] * alarm["evaluationPeriods"]
            assert looks_back <= (7 * DAY if alarm["period"] >= HOUR else DAY)


def test_a_reconciliation_that_has_not_reported_for_26_hours_is_missed(dev: Program, prod: Program) -> None:
    alarm = alarms(dev)["reconcile-silent"]
    assert alarm["period"] * alarm["evaluationPeriods"] == 26 * HOUR
    assert "reconcile-silent" not in alarms(prod)  # which has no schedule
    off = run("dev", stack_config("Pulumi.dev.yaml", alarmReconcileHours=0))
    assert "reconcile-silent" not in alarms(off)


def test_a_new_stack_is_counted_before_its_silence_is_measured(dev: Program) -> None:
    """Else it would be called silent as soon as it is there."""
    before = dev.before(alarms(dev)["reconcile-silent"])
    counted = [
        each
        for each in dev.all("LogMetricFilter")
        if each["metricTransformation"]["name"] == "Reconciliations" and "-migrate-" in each.name
    ]
    needed = [*counted, dev.one("Invocation"), dev.one("Function", "-worker"), *dev.all("Schedule")]
    assert len(counted) == 1
    assert {each.urn for each in needed} <= before


def test_waiting_is_watched_where_files_wait_by_choice_and_throttles_where_they_do_not(
    dev: Program, prod: Program
) -> None:
    assert "waiting" not in alarms(dev)
    assert "throttles" not in alarms(prod)
    waiting = alarms(prod)["waiting"]
    assert (waiting["metricName"], waiting["threshold"]) == ("AsyncEventAge", 60 * 60 * 1000)


def test_schedules_are_watched_where_there_are_any(prod: Program) -> None:
    """Production here reconciles by hand, and rotates."""
    assert {"schedule-errors", "schedule-dropped"} <= alarms(prod).keys()
    never = run("dev", stack_config("Pulumi.dev.yaml", reconcileSchedule="", rotationDays=0))
    assert not [name for name in alarms(never) if name.startswith(("schedule-", "reconcile-"))]


def test_large_files_are_watched_where_there_are_any() -> None:
    never = run("dev", stack_config("Pulumi.dev.yaml", splitMegabytes=0))
    assert not [name for name in alarms(never) if name.startswith(("executions-", "finish-"))]


def test_credits_are_watched_where_the_class_has_any(dev: Program, prod: Program) -> None:
    assert dev.one("Instance")["instanceClass"].startswith("db.t")
    assert "database-credits" in alarms(dev)
    assert "database-credits" not in alarms(prod)


def test_every_alarm_watches_something_that_is_in_the_stack(program: Program) -> None:
    stack = program.outputs["function_name"].removesuffix("-worker")
    functions = {"finish", "operator", "migrate"}
    others = {
        "AWS/SQS": {"QueueName": f"{program.one('Queue').name}-0a1b2c3"},
        "AWS/RDS": {"DBInstanceIdentifier": f"{program.one('Instance').name}-0a1b2c3"},
        "AWS/Scheduler": {"ScheduleGroup": f"{program.one('ScheduleGroup').name}-0a1b2c3"},
        STATES: {"StateMachineArn": program.outputs["state_machine_arn"]},
        stack: {},
    }
    for name, alarm in alarms(program).items():
        function = name.removesuffix("-errors") if name.removesuffix("-errors") in functions else "worker"
        expected = others.get(alarm["namespace"], {"FunctionName": f"{stack}-{function}"})
        assert alarm.inputs.get("dimensions", {}) == expected, name


def test_thresholds_come_from_the_configuration(prod: Program) -> None:
    assert alarms(prod)["database-connections"]["threshold"] == 200
    assert alarms(prod)["database-storage"]["threshold"] == 5 * 2**30  # a twentieth of 100 GiB
