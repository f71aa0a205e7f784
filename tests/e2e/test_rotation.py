"""The application's password is rotated while files are processed."""

import asyncio
import itertools
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from function import migrate_handler
from function.domain.model import CsvObject
from local.stack import Stack
from tests.support import uploads
from tests.support.uploads import GOOD

ROUNDS, ROTATIONS = 3, 3  # an odd number of them, so that both roles have their turn


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack in which nothing is tried a second time."""
    with Stack(concurrency=3, retry_delays=()) as running:
        yield running


@pytest.fixture
def environ(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the migrate function is given."""
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    for name, value in stack.environment.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    admin = stack.postgres.admin
    master = json.dumps({"username": admin.username, "password": admin.password})
    made = stack.client("secretsmanager").create_secret(Name="master", SecretString=master)
    return {
        "MASTER_SECRET_ARN": made["ARN"],
        "DATABASE_SECRET_ARN": stack.names.database_secret_arn,
        "DATABASE_HOST": admin.host,
        "DATABASE_PORT": str(admin.port),
        "DATABASE_NAME": admin.dbname,
        "DATABASE_CA_FILE": str(stack.postgres.ca_file),
    }


def rotate(environ: dict[str, str]) -> str:
    """Give the application a new password; which role it belongs to."""
    done = asyncio.run(migrate_handler.run(environ, rotate=True))
    return str(done["role"])


def end_sessions(stack: Stack) -> None:
    """Have every worker connect again; one that has just connected, and asked nothing yet, is let be."""
    uploads.query(
        stack,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'csv_pipeline%'"
        " AND state = 'idle' AND state_change < clock_timestamp() - interval '50 ms'",
    )


def logged_in(stack: Stack) -> set[str]:
    """Who has sessions."""
    rows = uploads.query(
        stack, "SELECT DISTINCT usename FROM pg_stat_activity WHERE usename LIKE 'csv_pipeline%'"
    )
    return {row["usename"] for row in rows}


def keep_uploading(stack: Stack, stop: threading.Event) -> list[CsvObject]:
    """One file after the other until told to stop."""
    objects = []
    for number in itertools.count():
        objects.append(uploads.put(stack, f"{number}.csv", GOOD))
        if stop.wait(0.02):
            break
    return objects


def test_no_file_fails_while_the_password_is_rotated(stack: Stack, environ: dict[str, str]) -> None:
    stop, seen = threading.Event(), []
    with ThreadPoolExecutor(1) as beside:
        load = beside.submit(keep_uploading, stack, stop)
        try:
            uploads.until(lambda: logged_in(stack), 30, "workers at work")
            for _ in range(ROUNDS):
                rotate(environ)
                end_sessions(stack)  # the former password still opens
                for _ in range(ROTATIONS - 1):
                    role = rotate(environ)

                def all_have_the_new_one(role: str = role) -> bool:
                    end_sessions(stack)  # what the workers remember opens no longer
                    return logged_in(stack) == {role}

                uploads.until(all_have_the_new_one, 30, f"everybody is {role}")
                seen.append(role)
        finally:
            stop.set()
        objects = load.result()
    stack.settle()
    assert not stack.dead_letters()
    assert seen == ["csv_pipeline_alternate", "csv_pipeline", "csv_pipeline_alternate"]
    rows = uploads.query(stack, "SELECT version_id, status, attempts, finished_at FROM file_metadata")
    assert {row["version_id"] for row in rows} == {obj.version_id for obj in objects}
    assert {(row["status"], row["attempts"]) for row in rows} == {("succeeded", 1)}
    assert all(row["finished_at"] for row in rows)
    assert len(rows) == len(stack.messages()) == len(objects)
