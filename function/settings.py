"""The settings of the function, from environment variables."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Self

from function.domain.errors import SettingsError
from function.domain.report import HtmlReport

ANY_NUMBER = "-1"
"""Of a limit: there is none."""
_REMARKS = ("warn", "fail")
SUPERSEDE_SECONDS = 60
"""How soon a newer version takes an empty one's place, unless something else is said."""
SPLIT_MEGABYTES = 256
PART_MEGABYTES = 64
"""Of 1,048,576 bytes: above which size a file is read in parts, and how large these are, by default."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of worker and operators' function; each field is the variable of its name in capitals.

    Attributes:
        output_bucket: receives results/…/result.json.
        backup_bucket: receives backup/….
        topic_arn: the shared SNS topic.
        database_secret_arn: ARN or name of the secret with the application's database credentials.
        database_ca_file: PEM file of the authorities that may vouch for the database.
        max_rejected_rows, max_ragged_rows: how many there may be before a file fails; optional, 0 by default.
        max_doubts: how many warnings there may be before a file fails; None, by default, for any number.
        supersede_seconds: an empty version has no message if a newer one follows within this time; 0:
            always a message.
        series_remarks: whether a file fails if it is unlike the earlier ones of its series: fail, or warn.
        excerpts, values: whether results may repeat how a record begins, and the smallest and largest values.
        html_report: of which files there is a page beside the result.
        split_megabytes: a file of more is read in parts, by an execution of the state machine; 0: none is.
        part_megabytes: size of a part.
        state_machine_arn: the state machine that reads files in parts; empty: none is read so.
    """

    output_bucket: str
    backup_bucket: str
    topic_arn: str
    database_secret_arn: str
    database_ca_file: str
    max_rejected_rows: int = 0
    max_ragged_rows: int = 0
    max_doubts: int | None = None
    supersede_seconds: int = SUPERSEDE_SECONDS
    series_remarks: str = "warn"
    excerpts: bool = True
    values: bool = True
    html_report: HtmlReport = HtmlReport.DOUBT
    split_megabytes: int = SPLIT_MEGABYTES
    part_megabytes: int = PART_MEGABYTES
    state_machine_arn: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings once, before any work.

        Raises:
            SettingsError: naming each variable that is missing, empty or wrong.
        """
        given = {field.name: environ.get(field.name.upper(), "").strip() for field in fields(cls)}
        missing = [
            field.name.upper() for field in fields(cls) if field.default is MISSING and not given[field.name]
        ]
        if missing:
            raise SettingsError(f"environment variables not set: {', '.join(missing)}")
        settings = cls(
            output_bucket=given["output_bucket"],
            backup_bucket=given["backup_bucket"],
            topic_arn=given["topic_arn"],
            database_secret_arn=given["database_secret_arn"],
            database_ca_file=given["database_ca_file"],
            max_rejected_rows=_count("MAX_REJECTED_ROWS", given["max_rejected_rows"]),
            max_ragged_rows=_count("MAX_RAGGED_ROWS", given["max_ragged_rows"]),
            max_doubts=_limit("MAX_DOUBTS", given["max_doubts"]),
            supersede_seconds=_count("SUPERSEDE_SECONDS", given["supersede_seconds"], SUPERSEDE_SECONDS),
            series_remarks=given["series_remarks"] or "warn",
            excerpts=_flag("EXCERPTS", given["excerpts"]),
            values=_flag("VALUES", given["values"]),
            html_report=_html_report(given["html_report"]),
            split_megabytes=_count("SPLIT_MEGABYTES", given["split_megabytes"], SPLIT_MEGABYTES),
            part_megabytes=_count("PART_MEGABYTES", given["part_megabytes"], PART_MEGABYTES),
            state_machine_arn=given["state_machine_arn"],
        )
        settings._check()
        return settings

    def _check(self) -> None:
        if not self.topic_arn.startswith("arn:"):
            raise SettingsError(f"TOPIC_ARN must be an ARN (arn:aws:sns:…), not {self.topic_arn!r}")
        if self.series_remarks not in _REMARKS:
            raise SettingsError(f"SERIES_REMARKS must be warn or fail, not {self.series_remarks!r}")
        if self.state_machine_arn and ":stateMachine:" not in self.state_machine_arn:
            example = "arn:aws:states:…:stateMachine:…"
            raise SettingsError(
                f"STATE_MACHINE_ARN must be an ARN ({example}), not {self.state_machine_arn!r}"
            )
        if self.part_megabytes < 1:
            raise SettingsError("PART_MEGABYTES must be at least 1")
        if not Path(self.database_ca_file).is_file():
            raise SettingsError(f"DATABASE_CA_FILE names no file: {self.database_ca_file!r}")


def output_bucket(environ: Mapping[str, str]) -> str:
    """The one setting of the function that reads parts.

    Raises:
        SettingsError: it is missing.
    """
    if not (name := environ.get("OUTPUT_BUCKET", "").strip()):
        raise SettingsError("environment variables not set: OUTPUT_BUCKET")
    return name


def _html_report(value: str) -> HtmlReport:
    try:
        return HtmlReport(value or HtmlReport.DOUBT)
    except ValueError:
        allowed = ", ".join(HtmlReport)
        raise SettingsError(f"HTML_REPORT must be one of {allowed}, not {value!r}") from None


def _limit(name: str, value: str) -> int | None:
    return None if value in {"", ANY_NUMBER} else _count(name, value)


def _count(name: str, value: str, default: int = 0) -> int:
    if not value:
        return default
    if not value.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _flag(name: str, value: str) -> bool:
    if value not in {"", "true", "false"}:
        raise SettingsError(f"{name} must be true or false, not {value!r}")
    return value != "false"
