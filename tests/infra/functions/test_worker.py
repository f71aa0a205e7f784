import json

from tests.infra.support.program import ACCOUNT, Program, Resource


def worker(program: Program) -> Resource:
    [found] = [each for each in program.all("Function") if each.name.endswith("-worker")]
    return found


def test_the_worker_runs_the_handler_as_configured(dev: Program, prod: Program) -> None:
    small, large = worker(dev), worker(prod)
    assert small["imageConfig"] == {"commands": ["function.handler.handler"]}
    assert (small["memorySize"], large["memorySize"]) == (1024, 3008)
    assert (small["timeout"], small["ephemeralStorage"]) == (900, {"size": 512})
    assert (small["reservedConcurrentExecutions"], large["reservedConcurrentExecutions"]) == (-1, 40)
    assert small["tracingConfig"] == {"mode": "Active"}


def test_its_log_is_json_in_a_group_of_ours_that_forgets(dev: Program, prod: Program) -> None:
    for program, days in ((dev, 7), (prod, 365)):
        group = program.one("LogGroup", "-worker")
        assert worker(program)["loggingConfig"] == {"logFormat": "JSON", "logGroup": group["name"]}
        assert group["retentionInDays"] == days
        assert group.urn in program.before(worker(program))
    assert "logs:CreateLogGroup" not in json.dumps([each.inputs for each in dev.all("RolePolicy")])


def test_an_event_that_fails_is_tried_three_times_and_then_kept_for_a_fortnight(program: Program) -> None:
    invoke = program.one("FunctionEventInvokeConfig")
    queue = program.one("Queue")
    assert invoke["maximumRetryAttempts"] == 2
    assert invoke["maximumEventAgeInSeconds"] == 21600
    arn = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:{queue.name}-0a1b2c3"
    assert invoke["destinationConfig"] == {"onFailure": {"destination": arn}}
    assert queue["messageRetentionSeconds"] == 14 * 24 * 3600
    assert queue["sqsManagedSseEnabled"] is True
    assert program.one("RolePolicy", "-worker-permissions").urn in program.before(invoke)


def test_the_bucket_calls_the_worker_once_for_each_suffix(dev: Program) -> None:
    notification = dev.one("BucketNotification")
    filters = {each["filterSuffix"]: each for each in notification["lambdaFunctions"]}
    assert len(filters) == 68
    assert {".csv", ".CSV", ".csv.gz", ".CSV.gz", ".CSV.GZ", ".tab.zip", ".psv.xz", ".TSV.ZST"} <= set(
        filters
    )
    for each in filters.values():
        assert each["lambdaFunctionArn"] == dev.outputs["function_arn"]
        assert each["events"] == ["s3:ObjectCreated:*"]
    assert len({each["id"] for each in filters.values()}) == len(filters)


def test_only_the_input_bucket_of_this_account_may_call_it(program: Program) -> None:
    permission = program.one("Permission")
    assert permission["principal"] == "s3.amazonaws.com"
    assert permission["sourceArn"] == f"arn:aws:s3:::{program.outputs['input_bucket']}"
    assert permission["sourceAccount"] == ACCOUNT


def test_the_notification_comes_last(program: Program) -> None:
    before = program.before(program.one("BucketNotification"))
    needed = [
        program.one("Permission"),
        program.one("FunctionEventInvokeConfig"),
        program.one("Invocation"),
        *program.all("BucketVersioning"),
    ]
    assert {each.urn for each in needed} <= before


def test_new_code_of_the_worker_waits_for_the_migrations(program: Program) -> None:
    assert program.one("Invocation").urn in program.before(worker(program))


def test_a_function_is_made_only_once_it_can_reach_everything(dev: Program) -> None:
    ways = [
        each
        for kind in ("SecurityGroupEgressRule", "SecurityGroupIngressRule", "VpcEndpoint", "RolePolicy")
        for each in dev.all(kind)
    ]
    others = ("-reconcile", "-rotate", "-operator-execution", "-operator-permissions")
    ways = [each for each in ways if not each.name.endswith(others)]
    assert {each.urn for each in ways} <= dev.before(worker(dev))
