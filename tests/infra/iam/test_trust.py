"""Who may take on the roles of the bootstrap template."""

import pytest

from tests.infra.conftest import Environment
from tests.infra.support.evaluator import Request, allows
from tests.infra.support.program import ACCOUNT, ROOT

ISSUER = "token.actions.githubusercontent.com"


def _token(subject: str, **claims: str) -> Request:
    known = {"aud": "sts.amazonaws.com", "repository_id": "42", "sub": subject} | claims
    context = {f"{ISSUER}:{claim}": value for claim, value in known.items()}
    return Request("sts:AssumeRoleWithWebIdentity", "*", context)


def _trusting(environment: Environment, request: Request) -> set[str]:
    roles = environment.bootstrap.roles
    return {name for name, role in roles.items() if allows([role.trust], request)}


@pytest.mark.parametrize("repository", ["Example-Org/csv-pipeline", "Example-Org@12/csv-pipeline@42"])
@pytest.mark.parametrize(
    ("rest", "roles"),
    [
        ("environment:dev", {"Deploy", "Drift"}),
        ("pull_request", {"Preview"}),
        ("ref:refs/heads/main", {"Drift"}),
        ("environment:prod", set()),
        ("environment:dev2", set()),
        ("environment:my:environment:dev2", set()),
        ("ref:refs/heads/feature", set()),
        ("ref:refs/heads/main2", set()),
        ("ref:refs/tags/main", set()),
    ],
)
def test_each_role_is_for_one_purpose_of_this_repository(
    environments: dict[str, Environment], repository: str, rest: str, roles: set[str]
) -> None:
    assert _trusting(environments["dev"], _token(f"repo:{repository}:{rest}")) == roles


@pytest.mark.parametrize(
    "repository",
    [
        "Example-Org/other",
        "Another-Org/csv-pipeline",
        "Example-Org-2/csv-pipeline",
        "Example-Org/csv-pipeline-2",
        "Example-Org@12/other@42",
        "Example-Org-2@12/csv-pipeline@42",
        "Example-Org@12/csv-pipeline-2@42",
    ],
)
@pytest.mark.parametrize("rest", ["environment:dev", "pull_request", "ref:refs/heads/main"])
def test_another_repository_gets_no_role(
    environments: dict[str, Environment], repository: str, rest: str
) -> None:
    assert _trusting(environments["dev"], _token(f"repo:{repository}:{rest}")) == set()


@pytest.mark.parametrize("claims", [{"repository_id": "43"}, {"aud": "https://github.com/Example-Org"}])
@pytest.mark.parametrize("rest", ["environment:dev", "pull_request", "ref:refs/heads/main"])
def test_neither_does_a_namesake_nor_a_token_for_somebody_else(
    environments: dict[str, Environment], rest: str, claims: dict[str, str]
) -> None:
    token = _token(f"repo:Example-Org/csv-pipeline:{rest}", **claims)
    assert _trusting(environments["dev"], token) == set()


def test_github_alone_is_trusted(environment: Environment) -> None:
    for role in environment.bootstrap.roles.values():
        [statement] = role.trust["Statement"]
        assert statement["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}


def test_a_session_to_deploy_lasts_two_hours_and_any_other_one(environment: Environment) -> None:
    seconds = {name: role.seconds for name, role in environment.bootstrap.roles.items()}
    assert seconds == {"Deploy": 7200, "Preview": 3600, "Drift": 3600}


def test_each_workflow_asks_for_as_long_a_session_as_its_role_grants(environment: Environment) -> None:
    for name, role in environment.bootstrap.roles.items():
        workflow = (ROOT / ".github" / "workflows" / f"{name.lower()}.yml").read_text()
        assert f"role-duration-seconds: {role.seconds}\n" in workflow, name
