"""What the migrate function says when a service does not answer, or it was asked for nonsense."""

import socket

import pytest
from botocore.config import Config

from function import migrate_handler
from function.aws import clients
from function.domain.errors import EventError, SettingsError, TransientError
from tests.integration.support.ground import Ground

pytestmark = pytest.mark.anyio


async def test_a_secrets_manager_that_cannot_be_reached_is_named(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", address)
    with pytest.raises(
        TransientError, match=f"Secrets Manager at {address}, secret {environ['MASTER_SECRET_ARN']}"
    ):
        await migrate_handler.run(environ, rotate=False)


async def test_a_secrets_manager_that_never_answers_is_given_up_as_by_every_other_client(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "CLIENT", clients.CLIENT.merge(Config(read_timeout=0.2)))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", address)
        with pytest.raises(TransientError, match=f"Secrets Manager at {address}.*timeout"):
            await migrate_handler.run(environ, rotate=False)


async def test_a_database_that_never_answers_is_given_up_in_seconds_and_named(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("function.postgres.database._CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        with pytest.raises(TransientError, match=f"database at 127.0.0.1:{port}: TimeoutError"):
            await migrate_handler.run(environ | {"DATABASE_PORT": str(port)}, rotate=False)


async def test_a_master_secret_of_another_form_is_told_without_its_content(
    ground: Ground, environ: dict[str, str]
) -> None:
    ground.vault.put_secret_value(SecretId=environ["MASTER_SECRET_ARN"], SecretString='{"password": "hush"}')
    with pytest.raises(SettingsError, match="the master secret must be JSON") as caught:
        await migrate_handler.run(environ, rotate=False)
    assert "hush" not in str(caught.value)


def test_what_is_asked_of_the_function_must_be_plain() -> None:
    with pytest.raises(EventError, match="rotate is 'yes', not true or false"):
        migrate_handler.handler({"rotate": "yes"}, None)
