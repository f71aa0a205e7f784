"""What holds for the stack as a whole."""

import ast
import json
import re

import pytest

from tests.infra.conftest import DEV, PROD
from tests.infra.support.program import ACCOUNT, ROOT, Program, Resource, run, stack_config

OUTPUTS = {
    "input_bucket",
    "output_bucket",
    "backup_bucket",
    "function_name",
    "function_arn",
    "operator_function_name",
    "topic_arn",
    "state_machine_arn",
    "repository_url",
    "image_uri",
    "database_endpoint",
    "database_secret_arn",
    "dead_letter_queue_url",
    "log_group",
    "dashboard_url",
}


def test_the_outputs_are_those_that_others_rely_on(program: Program) -> None:
    assert set(program.outputs) == OUTPUTS
    assert all(isinstance(value, str) and value for value in program.outputs.values())


@pytest.mark.parametrize(("stack", "config"), [("dev", DEV), ("prod", PROD)])
def test_a_preview_that_knows_nothing_yet_shows_every_resource(
    stack: str, config: dict[str, str], request: pytest.FixtureRequest
) -> None:
    unknown = run(stack, config, "--preview")
    known = request.getfixturevalue(stack)
    assert [each.urn for each in _sorted(unknown)] == [each.urn for each in _sorted(known)]
    assert set(unknown.outputs) == OUTPUTS


def _sorted(program: Program) -> list[Resource]:
    return sorted(program.resources, key=lambda each: each.urn)


def test_running_twice_registers_the_same(dev: Program) -> None:
    again = run("dev", DEV)
    assert _sorted(again) == _sorted(dev)


def test_a_wrong_value_ends_the_program_before_anything_is_made() -> None:
    with pytest.raises(RuntimeError, match="ConfigError: memory is 64; allowed: 128 to 10240"):
        run("dev", stack_config("Pulumi.dev.yaml", memory=64))


def test_no_password_is_in_the_state(program: Program) -> None:
    assert [f"{each.type}.{path}" for each in program.resources for path in each.secrets] == []
    for each in program.resources:
        text = json.dumps(each.inputs)
        assert not re.search(r'"[^"]*password": (?!true)', text, re.IGNORECASE), each.name


def test_no_secret_of_whoever_deploys_is_in_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "PGPASSWORD", "PULUMI_ACCESS_TOKEN")
    for name in (*names, "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, "canaryq7")
    found = run("dev", DEV)
    assert found.resources
    assert "canaryq7" not in repr(found)


def test_every_resource_of_aws_goes_through_the_provider_that_tags(program: Program) -> None:
    provider = program.one("pulumi:providers:aws")
    assert json.loads(provider["defaultTags"])["tags"].items() >= {"Project": "csv-pipeline"}.items()
    untagged = [
        each.name
        for each in program.resources
        if each.type.startswith("aws:") and each.provider[0] != provider.urn.split("::")[-1]
    ]
    assert untagged == []


def test_the_configured_tags_go_on_everything(prod: Program) -> None:
    tags = json.loads(prod.one("pulumi:providers:aws")["defaultTags"])["tags"]
    assert tags == {
        "Project": "csv-pipeline",
        "Stack": "prod",
        "CostCentre": "4711",
        "Owner": "data-platform@example.com",
    }


def test_every_child_belongs_to_a_component(program: Program) -> None:
    parents = {each.urn for each in program.resources if each.type.startswith("csv-pipeline:")}
    for each in program.resources:
        if each.custom and not each.type.startswith("pulumi:providers"):
            assert each.parent in parents, each.name


def test_wildcard_resources_stand_only_where_aws_has_no_arn(program: Program) -> None:
    found = {
        action
        for policy in program.all("RolePolicy")
        for statement in json.loads(policy["policy"])["Statement"]
        if "*" in statement["Resource"]
        for action in statement["Action"]
    }
    assert {action.split(":")[0] for action in found} == {"ec2", "logs", "xray"}
    of_logs = {action for action in found if action.startswith("logs:")}
    assert {action for action in of_logs if not action.endswith(("LogDelivery", "LogDeliveries"))} == {
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:PutResourcePolicy",
    }
    assert not [action for action in found if "*" in action]


def test_each_role_is_taken_on_by_one_service_only(dev: Program) -> None:
    trusted = {
        role.name: [s["Principal"]["Service"] for s in json.loads(role["assumeRolePolicy"])["Statement"]]
        for role in dev.all("Role")
    }
    assert trusted == {
        "csv-pipeline-dev-worker": ["lambda.amazonaws.com"],
        "csv-pipeline-dev-migrate": ["lambda.amazonaws.com"],
        "csv-pipeline-dev-operator": ["lambda.amazonaws.com"],
        "csv-pipeline-dev-part": ["lambda.amazonaws.com"],
        "csv-pipeline-dev-finish": ["lambda.amazonaws.com"],
        "csv-pipeline-dev-fanout": ["states.amazonaws.com"],
        "csv-pipeline-dev-reconcile": ["scheduler.amazonaws.com"],
        "csv-pipeline-dev-rotate": ["scheduler.amazonaws.com"],
    }
    for schedule, function in (("-reconcile", "operator"), ("-rotate", "migrate")):
        assert dev.policy("RolePolicy", schedule)[0]["Resource"] == [
            f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:csv-pipeline-dev-{function}"
        ]


def test_the_entry_program_only_wires() -> None:
    tree = ast.parse((ROOT / "__main__.py").read_text())
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 85
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For)]


def test_every_component_has_arguments_outputs_and_a_type_that_says_where_it_is() -> None:
    components = 0
    for path in (ROOT / "infra").rglob("*.py"):
        text = path.read_text()
        for name in re.findall(r"^class (\w+)\(pulumi.ComponentResource\)", text, re.MULTILINE):
            components += 1
            assert f"class {name}Args:" in text, name
            assert f'"csv-pipeline:{path.stem}:{name}"' in text, name
            assert "self.register_outputs(" in text, name
    assert components == 15
