"""What every AWS client of the function shares: how long it may try, and how its errors are read."""

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# An endpoint that cannot be reached fails in seconds, by name, and not at the function's time-out.
CLIENT = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    response_checksum_validation="when_required",  # the scan hashes every byte itself
)
ServiceError = (BotoCoreError, ClientError)
"""All that a client raises: the request was not answered, or answered with an error."""


def code(error: BaseException) -> str:
    """The service's error code; empty if there was no answer."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
