"""What is made of the errors of PostgreSQL."""

import pytest
from asyncpg import exceptions

from function.domain.errors import DefectError, PipelineError, SettingsError, TransientError
from function.postgres import database


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.TooManyConnectionsError, TransientError),
        (exceptions.AdminShutdownError, TransientError),
        (exceptions.CannotConnectNowError, TransientError),
        (exceptions.ReadOnlySQLTransactionError, TransientError),
        (exceptions.QueryCanceledError, TransientError),
        (exceptions.DeadlockDetectedError, TransientError),
        (exceptions.DiskFullError, TransientError),
        (exceptions.ConnectionDoesNotExistError, TransientError),
        (exceptions.InvalidPasswordError, SettingsError),
        (exceptions.InsufficientPrivilegeError, SettingsError),
        (exceptions.UndefinedTableError, SettingsError),
        (exceptions.InvalidCatalogNameError, SettingsError),
        (exceptions.PostgresSyntaxError, DefectError),
        (exceptions.UntranslatableCharacterError, DefectError),
        (exceptions.CheckViolationError, DefectError),
    ],
)
def test_what_the_database_says_tells_the_same(error: type[Exception], kind: type[PipelineError]) -> None:
    translated = database.translated("db.example:5432", error("why"))
    assert type(translated) is kind
    assert "db.example:5432" in str(translated)


@pytest.mark.parametrize("kind", [exceptions.CheckViolationError, exceptions.InvalidTextRepresentationError])
def test_what_the_database_says_of_a_value_is_not_repeated(kind: type[exceptions.PostgresError]) -> None:
    error = kind("invalid input: canary")
    error.detail = "Failing row contains (canary)."
    assert "canary" not in str(database.translated("db.example:5432", error))
    assert error.sqlstate is not None
    assert error.sqlstate in str(database.translated("db.example:5432", error))
    other = exceptions.CannotConnectNowError("starting up")
    other.detail = "canary"
    assert str(database.translated("db.example:5432", other)).endswith("CannotConnectNowError: starting up")
