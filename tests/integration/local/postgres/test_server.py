"""PostgreSQL as the stack runs it: a real server, spoken to as the function speaks to it."""

import asyncio
import os
import shlex
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import trustme

from function.postgres.database import connect
from local.errors import StackError
from local.postgres import unprivileged
from local.postgres.server import Postgres
from local.processes.group import Processes

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must step down")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        yield server


def query(postgres: Postgres, sql: str, *, ca_file: Path | None = None, password: str | None = None) -> Any:
    async def ask() -> Any:
        who = replace(postgres.admin, password=password or postgres.admin.password)
        connection = await connect(who, str(ca_file or postgres.ca_file))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_connections_are_tls_1_3_and_verified_in_full(postgres: Postgres, tmp_path: Path) -> None:
    assert query(postgres, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == "TLSv1.3"
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    with pytest.raises(ssl.SSLCertVerificationError):
        query(postgres, "SELECT 1", ca_file=stranger)


def test_a_connection_without_tls_1_3_or_with_a_wrong_password_is_refused(postgres: Postgres) -> None:
    outdated = ssl.create_default_context(cafile=str(postgres.ca_file))
    outdated.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        asyncio.run(asyncpg.connect(postgres.dsn.split("?")[0], ssl=outdated))
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        asyncio.run(asyncpg.connect(postgres.dsn.split("?")[0], ssl=False))
    with pytest.raises(asyncpg.InvalidPasswordError):
        query(postgres, "SELECT 1", password="wrong")


def test_it_restarts_on_its_port_with_its_data(postgres: Postgres) -> None:
    query(postgres, "CREATE TABLE kept AS SELECT 42 AS answer")
    postgres.stop()
    with pytest.raises(ConnectionRefusedError):
        query(postgres, "SELECT 1")
    with socket.socket() as thief, pytest.raises(OSError, match="in use"):
        thief.bind((postgres.admin.host, postgres.admin.port))
    postgres.start()
    assert query(postgres, "SELECT answer FROM kept") == 42


def test_the_psql_line_opens_the_database_from_a_shell(postgres: Postgres) -> None:
    sql = "SELECT current_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    done = subprocess.run(
        ["sh", "-c", f"{postgres.psql} --tuples-only --no-align --command {shlex.quote(sql)}"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "postgres|t\n"


def test_a_server_that_cannot_start_says_why(postgres: Postgres) -> None:
    postgres.stop()
    with pytest.raises(StackError, match="not running"):
        postgres.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((postgres.admin.host, postgres.admin.port))
        other.listen()
        with pytest.raises(StackError, match="could not bind"):
            postgres.start()
    postgres.start()


@as_root
def test_root_without_user_namespaces_runs_it_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unprivileged, "_UNSHARE", ["false"])
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        assert query(server, "SELECT 1") == 1
        assert (processes.directory / "postgres/data").stat().st_uid == 65534


@as_root
def test_a_user_without_a_name_can_run_it_too() -> None:
    nameless = ["unshare", "--user", "--map-user=12345", "--map-group=12345"]
    program = (
        "from local.processes.group import Processes; from local.postgres.server import Postgres\n"
        "with Processes() as processes: Postgres(processes).create(); print('up')"
    )
    done = subprocess.run(
        [*nameless, sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "up\n", done.stderr


@as_root
def test_root_that_may_not_step_down_at_all_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unprivileged, "_UNSHARE", ["false"])
    monkeypatch.setattr(unprivileged, "_SETPRIV", ["no-such-program"])
    with (
        Processes() as processes,
        closing(Postgres(processes)) as server,
        pytest.raises(StackError, match="run as an ordinary user"),
    ):
        server.create()
