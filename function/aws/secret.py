"""One secret of Secrets Manager."""

from typing import TYPE_CHECKING

from function.aws import clients
from function.domain.errors import PipelineError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_NO_VALUE = "ResourceNotFoundException"  # of a secret without a value, and of one that does not exist


class Secret:
    """Reads and writes the secret's current value. Blocking.

    Every method raises what `clients.translated` makes of a fault; the message names endpoint and secret.
    """

    def __init__(self, vault: "SecretsManagerClient", arn: str) -> None:
        self._vault = vault
        self._arn = arn

    def read(self) -> str:
        """The value; empty if it is not text."""
        try:
            return self._vault.get_secret_value(SecretId=self._arn).get("SecretString", "")
        except clients.FAULTS as error:
            raise self._translated(error) from error

    def read_if_any(self) -> str | None:
        """The value; None if the secret has none yet."""
        try:
            return self.read()
        except PipelineError as error:
            if error.__cause__ is not None and clients.code(error.__cause__) == _NO_VALUE:
                return None
            raise

    def write(self, value: str) -> None:
        """Make this the value that every reader gets from now on."""
        try:
            self._vault.put_secret_value(SecretId=self._arn, SecretString=value)
        except clients.FAULTS as error:
            raise self._translated(error) from error

    def _translated(self, error: BaseException) -> PipelineError:
        return clients.translated(
            f"Secrets Manager at {self._vault.meta.endpoint_url}, secret {self._arn}", error
        )
