import subprocess
from dataclasses import replace

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from function.domain import report
from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.message.next_steps import next_steps, quoted
from function.domain.model import Document
from ops.cli import app
from tests.support.examples import OBJECT, SCAN, STAMPED, TIMING, TO

INSTRUCTED = FileError(ErrorCode.RAGGED_ROWS, "to accept them: csv-max-ragged-rows=2", line=17)


def document(key: str = "data.csv", error: FileError | None = None) -> Document:
    return report.document(replace(OBJECT, key=key), replace(SCAN, error=error), STAMPED, TO, TIMING)


def commands(result: Document) -> list[str]:
    return [each.command for each in next_steps(result)]


def test_a_good_file_can_be_shown_read_again_and_looked_up() -> None:
    assert commands(document()) == [
        "pipeline report --open data.csv",
        "pipeline replay --version v1 data.csv",
        "pipeline show data.csv",
    ]


def test_a_failure_whose_message_names_an_instruction_is_uploaded_with_it() -> None:
    assert commands(document(error=INSTRUCTED)) == [
        "pipeline report --open data.csv",
        "pipeline replay --version v1 data.csv",
        "pipeline upload --instruction csv-NAME=VALUE data.csv",
        "pipeline show data.csv",
    ]


def test_a_key_in_a_folder_is_uploaded_with_its_prefix() -> None:
    steps = commands(document("in/my folder/data.csv", INSTRUCTED))
    assert "pipeline upload --prefix 'in/my folder/' --instruction csv-NAME=VALUE data.csv" in steps


def test_an_object_that_is_gone_is_not_read_again() -> None:
    gone = Scan(None, 0, error=FileError(ErrorCode.OBJECT_GONE, "deleted"))
    result = report.document(OBJECT, gone, STAMPED, TO, TIMING)
    assert not [each for each in commands(result) if "replay" in each]


def test_a_file_that_is_in_no_bucket_is_taken_through_the_pipeline_here() -> None:
    result = {**document(), "source": {"key": "my file.csv"}}
    assert commands(result) == ["pipeline run 'my file.csv'"]


@pytest.mark.parametrize(
    "result", [document(), document(error=INSTRUCTED), {**document(), "source": {"key": "k"}}]
)
def test_every_command_is_one_that_the_program_has(result: Document) -> None:
    group = typer.main.get_command(app)
    for command in commands(result):
        program, name, *arguments = command.split()
        assert program == "pipeline"
        found = group.commands[name]  # type: ignore[attr-defined]
        options = {each for parameter in found.params for each in parameter.opts}
        assert {each for each in arguments if each.startswith("--")} <= options


def test_a_key_that_looks_like_an_option_is_none() -> None:
    assert commands(document("-rf.csv"))[-1] == "pipeline show -- -rf.csv"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40))
def test_whatever_is_quoted_arrives_as_it_was(text: str) -> None:
    done = subprocess.run(["bash", "-c", f"printf %s {quoted(text)}"], capture_output=True, check=True)
    assert done.stdout == text.encode()
    assert quoted(text).isprintable()
