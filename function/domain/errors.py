"""Every error the function raises, and the one question that matters of each: would a retry help?

PipelineError
├── FileError        no: the file is at fault; becomes its verdict, nothing is raised to Lambda
├── EventError       no: the event is not one of ours
├── SettingsError    once the deployment is corrected: a permission, a name, a secret, a missing migration
├── DefectError      once the function is corrected: our own request or reader is at fault
└── TransientError   yes: a service is at fault
    └── OutOfTimeError  yes: other files took the time; the next invocation has all of it

All but FileError are raised, so that Lambda retries and then keeps the event in the dead-letter queue; the
name of the class, in the dead letter, says what to do before it is driven again (several at once come as an
ExceptionGroup, whose message has them all). `translated` in `aws`, `database`
and `source` is where foreign errors become these.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """The closed set of codes in `error.code` of result.json; docs/operations.md explains each."""

    EMPTY_FILE = "empty_file"
    NOT_CSV = "not_csv"
    ENCODING = "encoding"
    UNBALANCED_QUOTE = "unbalanced_quote"
    RAGGED_ROWS = "ragged_rows"
    DOUBTFUL = "doubtful"
    TOO_LARGE = "too_large"
    CORRUPT_COMPRESSION = "corrupt_compression"
    OBJECT_GONE = "object_gone"
    NOT_READABLE = "not_readable"
    TIMEOUT = "timeout"
    BAD_INSTRUCTION = "bad_instruction"
    CONTRACT = "contract"
    UNLIKE_SERIES = "unlike_series"


class PipelineError(Exception):
    """Base of all errors raised on purpose."""


class FileError(PipelineError):
    """The file cannot be read with certainty.

    Args:
        code: one of the published codes.
        message: one sentence that says what is wrong and what to do.
        line: physical line, from 1, where it shows.
        column: character in that line, from 1.
        unquoted: the message without the words of the uploader that it repeats; None if it repeats none.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        unquoted: str | None = None,
    ):
        super().__init__(message)
        self.code = code
        self.message = message
        self.unquoted = message if unquoted is None else unquoted
        self.line = line
        self.column = column


class EventError(PipelineError):
    """The payload is not an S3 notification; the message says what was expected."""


class SettingsError(PipelineError):
    """The environment is incomplete or wrong; the message names the variable."""


class DefectError(PipelineError):
    """A fault of our own: a request or statement that is refused whoever sends it, a reader that gave up."""


class TransientError(PipelineError):
    """A service failed in a way that a later attempt may not see; the message names the service."""


class OutOfTimeError(TransientError):
    """The invocation's time went to other files; this one is for the next."""
