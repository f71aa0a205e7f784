import json

import pytest

from tests.infra.support.program import Program


def test_it_runs_the_operators_handler_with_what_the_worker_has(program: Program) -> None:
    operator, worker = (program.one("Function", name) for name in ("-operator", "-worker"))
    assert operator["imageConfig"] == {"commands": ["function.operator_handler.handler"]}
    for same in ("imageUri", "memorySize", "timeout", "ephemeralStorage", "vpcConfig", "environment"):
        assert operator[same] == worker[same]


def test_what_is_reserved_for_files_is_not_taken_by_operators(prod: Program) -> None:
    assert prod.one("Function", "-operator")["reservedConcurrentExecutions"] == -1


def test_the_output_names_it(program: Program) -> None:
    assert program.outputs["operator_function_name"] == program.one("Function", "-operator")["name"]


def test_no_bucket_calls_it_and_what_it_fails_on_is_not_kept(program: Program) -> None:
    name = program.outputs["operator_function_name"]
    for kind in ("Permission", "BucketNotification", "FunctionEventInvokeConfig"):
        assert name not in json.dumps([each.inputs for each in program.all(kind)])


def test_new_code_of_it_waits_for_the_migrations(program: Program) -> None:
    assert program.one("Invocation").urn in program.before(program.one("Function", "-operator"))


@pytest.mark.parametrize("name", ["-worker", "-operator"])
def test_it_has_a_role_and_a_log_of_its_own(program: Program, name: str) -> None:
    function = program.one("Function", name)
    assert function["role"].endswith(f"{function.name}-0a1b2c3")
    assert function["loggingConfig"]["logGroup"] == f"/aws/lambda/{function.name}"
