"""The published schema, for every test that sees a result."""

import functools
import json
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from function.domain.model import Document

ROOT = Path(__file__).parents[2]


def validate(result: Document) -> None:
    """Raise a ValidationError unless `result`, as written to a file and read back, is a result.json."""
    _validator().validate(json.loads(json.dumps(result)))


@functools.cache
def _validator() -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "result.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def validate_command(command: str, document: Document) -> None:
    """Raise a ValidationError unless a line that a command printed with --json is as its schema says."""
    _commands(command).validate(document)


@functools.cache
def _commands(command: str) -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "commands.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert command in schema["$defs"], f"{command} has no schema"
    return Draft202012Validator({"$ref": f"#/$defs/{command}", "$defs": schema["$defs"]})
