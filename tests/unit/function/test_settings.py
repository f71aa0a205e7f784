from pathlib import Path

import pytest

from function.domain.errors import SettingsError
from function.domain.report import HtmlReport
from function.settings import Settings, output_bucket


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    ca = tmp_path / "ca.pem"
    ca.write_text("")
    return {
        "OUTPUT_BUCKET": "out",
        "BACKUP_BUCKET": "back",
        "TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:shared",
        "DATABASE_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
        "DATABASE_CA_FILE": str(ca),
        "PATH": "/bin",
    }


def test_settings_are_read_from_the_variables_of_their_names(environ: dict[str, str]) -> None:
    settings = Settings.from_env(environ)
    assert (settings.output_bucket, settings.backup_bucket) == ("out", "back")


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_every_missing_variable_is_named(environ: dict[str, str], empty: str | None) -> None:
    for name in ("OUTPUT_BUCKET", "TOPIC_ARN"):
        if empty is None:
            del environ[name]
        else:
            environ[name] = empty
    with pytest.raises(SettingsError, match="not set: OUTPUT_BUCKET, TOPIC_ARN$"):
        Settings.from_env(environ)


def test_a_topic_that_is_no_arn_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="TOPIC_ARN must be an ARN.*'shared'"):
        Settings.from_env(environ | {"TOPIC_ARN": "shared"})


def test_files_above_256_mb_are_read_in_parts_of_64_where_there_is_a_state_machine(
    environ: dict[str, str],
) -> None:
    settings = Settings.from_env(environ)
    assert (settings.split_megabytes, settings.part_megabytes, settings.state_machine_arn) == (256, 64, "")
    arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:parts"
    given = {"SPLIT_MEGABYTES": "0", "PART_MEGABYTES": "8", "STATE_MACHINE_ARN": arn}
    settings = Settings.from_env(environ | given)
    assert (settings.split_megabytes, settings.part_megabytes, settings.state_machine_arn) == (0, 8, arn)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SPLIT_MEGABYTES", "many", "SPLIT_MEGABYTES must be a whole number, not 'many'"),
        ("PART_MEGABYTES", "0", "PART_MEGABYTES must be at least 1"),
        ("STATE_MACHINE_ARN", "parts", "STATE_MACHINE_ARN must be an ARN .*, not 'parts'"),
    ],
)
def test_settings_of_parts_that_cannot_be_meant_are_refused(
    environ: dict[str, str], name: str, value: str, complaint: str
) -> None:
    with pytest.raises(SettingsError, match=complaint):
        Settings.from_env(environ | {name: value})


def test_the_function_that_reads_parts_needs_the_output_bucket_alone() -> None:
    assert output_bucket({"OUTPUT_BUCKET": " out "}) == "out"
    with pytest.raises(SettingsError, match="not set: OUTPUT_BUCKET"):
        output_bucket({"OUTPUT_BUCKET": " "})


def test_a_missing_certificate_file_is_refused_before_any_connection(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="DATABASE_CA_FILE names no file: '/nowhere'"):
        Settings.from_env(environ | {"DATABASE_CA_FILE": "/nowhere"})


def test_limits_are_optional_and_whole_numbers(environ: dict[str, str]) -> None:
    assert Settings.from_env(environ).max_ragged_rows == 0
    assert Settings.from_env(environ | {"MAX_RAGGED_ROWS": "12"}).max_ragged_rows == 12
    with pytest.raises(SettingsError, match="MAX_REJECTED_ROWS must be a whole number, not 'few'"):
        Settings.from_env(environ | {"MAX_REJECTED_ROWS": "few"})


@pytest.mark.parametrize(("given", "limit"), [("", None), ("-1", None), ("0", 0), ("3", 3)])
def test_any_number_of_doubts_is_accepted_unless_a_limit_is_set(
    environ: dict[str, str], given: str, limit: int | None
) -> None:
    assert Settings.from_env(environ).max_doubts is None
    assert Settings.from_env(environ | {"MAX_DOUBTS": given}).max_doubts == limit


@pytest.mark.parametrize("given", ["-2", "few", "1.5"])
def test_a_limit_that_is_no_number_is_refused(environ: dict[str, str], given: str) -> None:
    with pytest.raises(SettingsError, match=f"MAX_DOUBTS must be a whole number, not '{given}'"):
        Settings.from_env(environ | {"MAX_DOUBTS": given})


def test_an_empty_file_is_superseded_within_a_minute_unless_another_time_is_set(
    environ: dict[str, str],
) -> None:
    assert Settings.from_env(environ).supersede_seconds == 60
    assert Settings.from_env(environ | {"SUPERSEDE_SECONDS": "0"}).supersede_seconds == 0


def test_remarks_are_fatal_only_where_that_is_said(environ: dict[str, str]) -> None:
    assert Settings.from_env(environ).series_remarks == "warn"
    assert Settings.from_env(environ | {"SERIES_REMARKS": "fail"}).series_remarks == "fail"
    with pytest.raises(SettingsError, match="SERIES_REMARKS must be warn or fail, not 'never'"):
        Settings.from_env(environ | {"SERIES_REMARKS": "never"})


def test_excerpts_and_values_are_repeated_unless_the_environment_says_otherwise(
    environ: dict[str, str],
) -> None:
    assert (Settings.from_env(environ).excerpts, Settings.from_env(environ).values) == (True, True)
    settings = Settings.from_env(environ | {"EXCERPTS": "false", "VALUES": "true"})
    assert (settings.excerpts, settings.values) == (False, True)
    with pytest.raises(SettingsError, match="VALUES must be true or false, not 'no'"):
        Settings.from_env(environ | {"VALUES": "no"})


def test_a_page_is_made_on_doubt_unless_something_else_is_said(environ: dict[str, str]) -> None:
    assert Settings.from_env(environ).html_report is HtmlReport.DOUBT
    assert Settings.from_env(environ | {"HTML_REPORT": "always"}).html_report is HtmlReport.ALWAYS
    with pytest.raises(SettingsError, match="HTML_REPORT must be one of never, doubt, always, not 'yes'"):
        Settings.from_env(environ | {"HTML_REPORT": "yes"})
