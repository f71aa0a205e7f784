"""The commands that a message ends with."""

import shlex
from dataclasses import dataclass

from function.domain.errors import ErrorCode
from function.domain.model import Document

_INSTRUCTION = "csv-"  # begins the names of the reader's instructions, see `instructions`


@dataclass(frozen=True, slots=True)
class Step:
    """A command for a shell, and what it does."""

    command: str
    purpose: str


def next_steps(result: Document) -> list[Step]:
    """The commands for a result, the most useful first; for a file in no bucket, those on its path."""
    source, error = result["source"], result["error"]
    key = _argument(source["key"])
    if not source.get("bucket"):
        return [Step(f"pipeline run {key}", "takes the file through the whole pipeline, on this machine")]
    steps = [
        Step(
            f"pipeline report --open {key}",
            "shows lines, columns and how the file was read, as a page",
        )
    ]
    if not error or error["code"] != ErrorCode.OBJECT_GONE:
        version = quoted(source["version_id"])
        steps.append(
            Step(
                f"pipeline replay --version {version} {key}",
                "reads the same version again, for instance with other tags or limits",
            )
        )
    if _INSTRUCTION in _said(result):
        steps.append(Step(_upload(source["key"]), "uploads it with an instruction of those named above"))
    steps.append(Step(f"pipeline show {key}", "lists the versions of the file and the verdict on each"))
    return steps


def _said(result: Document) -> str:
    """All that is said about what is wrong."""
    warnings = result["csv"]["warnings"] if result["csv"] else []
    return " ".join(
        [*([result["error"]["message"]] if result["error"] else []), *(each["message"] for each in warnings)]
    )


def _upload(key: str) -> str:
    """Of a local file of the same name."""
    folder, slash, name = key.rpartition("/")
    prefix = f" --prefix {quoted(folder + slash)}" if slash else ""
    return f"pipeline upload{prefix} --instruction {_INSTRUCTION}NAME=VALUE {_argument(name)}"


def quoted(text: str) -> str:
    """One word of a command, for bash; what cannot be printed is written as its bytes."""
    if text.isprintable():
        return shlex.quote(text)
    return f"$'{''.join(map(_escaped, text))}'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(rf"\x{byte:02x}" for byte in character.encode(errors="surrogatepass"))


def _argument(key: str) -> str:
    """The key as an argument that no command takes for an option."""
    return f"-- {quoted(key)}" if key.startswith("-") else quoted(key)
