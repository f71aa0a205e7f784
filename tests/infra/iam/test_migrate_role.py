"""The migrate function can do all that it does, and nothing that it does not do."""

import asyncio
import json

import pytest

from function import migrate_handler
from function.domain.errors import SettingsError
from function.postgres import roles
from infra.iam import policies
from tests.infra.support.iam import Cloud, Document, environment
from tests.infra.support.program import Program
from tests.infra.support.trims import Trim, labels, trims

MIGRATION = policies.migration(master_secret="m", application_secret="a")


def _migrate(world: Cloud, program: Program, document: Document, monkeypatch: pytest.MonkeyPatch) -> Document:
    for name, value in world.environment(world.role([document])).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # which remembers the keys of another role
    admin = world.postgres.admin
    variables = environment(program, "-migrate")
    here = {
        "DATABASE_HOST": admin.host,
        "DATABASE_PORT": str(admin.port),
        "DATABASE_NAME": admin.dbname,
        "DATABASE_CA_FILE": str(world.postgres.ca_file),
    }
    secrets = {
        name: world.real_arns[variables[name]] for name in ("MASTER_SECRET_ARN", "DATABASE_SECRET_ARN")
    }
    return asyncio.run(migrate_handler.run(variables | here | secrets, rotate=True))


def test_the_migrate_function_can_do_all_that_it_does(
    world: Cloud, dev: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = world.document(dev.one("RolePolicy", "-migrate-permissions")["policy"])
    _migrate(world, dev, document, monkeypatch)
    secret = world.client("secretsmanager").get_secret_value(
        SecretId=world.real_arns[dev.outputs["database_secret_arn"]]
    )
    assert json.loads(secret["SecretString"])["username"] in roles.ROLES


@pytest.mark.parametrize("trim", trims(MIGRATION), ids=labels)
def test_the_migrate_function_can_do_nothing_that_it_does_not_do(
    world: Cloud, dev: Program, trim: Trim, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = trim.of(world.document(dev.one("RolePolicy", "-migrate-permissions")["policy"]))
    with pytest.raises(SettingsError, match="AccessDenied"):
        _migrate(world, dev, document, monkeypatch)
