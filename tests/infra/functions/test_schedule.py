from tests.infra.support.program import ACCOUNT, Program, run, stack_config


def test_reconciliation_calls_the_operators_function_and_rotation_the_migrate_function(dev: Program) -> None:
    for name, expression, function in (
        ("reconcile", "rate(1 day)", "operator"),
        ("rotate", "rate(30 days)", "migrate"),
    ):
        timer = dev.one("Schedule", f"-{name}")
        assert timer["scheduleExpression"] == expression
        assert timer["target"]["arn"].endswith(f":function:csv-pipeline-dev-{function}")
        assert timer["target"]["roleArn"] == f"arn:aws:iam::{ACCOUNT}:role/csv-pipeline-dev-{name}-0a1b2c3"
        trust = dev.policy("Role", f"-{name}", "assumeRolePolicy")
        assert trust[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        assert dev.one("RolePolicy", f"-{name}").urn in dev.before(timer)


def test_the_schedules_are_in_a_group_that_holds_no_others(dev: Program) -> None:
    group = dev.one("ScheduleGroup")
    assert {each["groupName"] for each in dev.all("Schedule")} == {f"{group.name}-0a1b2c3"}


def test_each_schedule_exists_only_when_configured(prod: Program) -> None:
    assert [each.name for each in prod.all("Schedule")] == ["csv-pipeline-prod-rotate"]
    never = run("dev", stack_config("Pulumi.dev.yaml", reconcileSchedule="", rotationDays=0))
    assert not never.all("Schedule")
    assert not [each.name for each in never.all("Role") if each.name.endswith(("-reconcile", "-rotate"))]


def test_a_rotation_a_day_is_spelt_as_scheduler_wants_it() -> None:
    daily = run("dev", stack_config("Pulumi.dev.yaml", rotationDays=1))
    assert daily.one("Schedule", "-rotate")["scheduleExpression"] == "rate(1 day)"
