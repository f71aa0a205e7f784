import json
import re
from pathlib import Path

import pytest
import yaml

from infra.configuration.config import Config
from infra.monitoring.alarms import all_alarms
from ops.deployed import commands
from ops.smoke.command import smoke
from tests.infra.support.program import ROOT
from tests.infra.test_stack import OUTPUTS

DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / ".github").glob("*.md")),
    *sorted((ROOT / "local").rglob("*.md")),
]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
DEPLOY = (ROOT / "docs" / "deploy.md").read_text()
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@every_document
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(path: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([\w-]+))?\)", path.read_text()):
        named = path.parent / target if target else path
        assert named.exists(), target
        assert not anchor or anchor in _anchors(named), f"{target}#{anchor}"


def _anchors(path: Path) -> set[str]:
    return {anchor(each) for each in re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)}


def anchor(heading: str) -> str:
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@every_document
def test_every_table_has_a_head_and_rows_of_one_width(path: Path) -> None:
    """A merge that cuts a table in two is seen here."""
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, rule, *rows = (_cells(line) for line in table.splitlines())
        assert {*rule} == {"---"}, head
        assert {len(each) for each in (rule, *rows)} == {len(head)}, head


def _cells(line: str) -> list[str]:
    """The cells of a line; a bar within code, or behind a backslash, is text."""
    bare = re.sub(r"(`+).*?\1|\\\|", "code", line)
    return [each.strip() for each in bare.strip().strip("|").split("|")]


def test_every_command_of_operators_is_in_the_documents() -> None:
    readme = (ROOT / "README.md").read_text()
    for command in (*commands.COMMANDS, smoke):
        assert f"\npipeline {command.__name__}" in readme, command.__name__
    exactly = OPERATIONS.partition("\n## Commands\n")[2].partition("\n## ")[0]
    for name in ("backfill", "reconcile", "redrive", "releases", "replay", "smoke"):
        assert re.search(rf"^\| `{name}[ `]", exactly, re.MULTILINE), name


def test_every_output_of_the_stack_is_in_the_documents() -> None:
    listed = OPERATIONS.partition("\n## The stack's outputs\n")[2].partition("\n## ")[0]
    assert {*re.findall(r"^\| `(\w+)` \|", listed, re.MULTILINE)} == OUTPUTS


def test_the_architecture_names_every_file_of_the_infrastructure() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    files = [path.relative_to(ROOT / "infra").as_posix() for path in (ROOT / "infra").rglob("[!_]*.py")]
    missing = [name for name in files if f"`{name}`" not in text]
    assert missing == []


def test_the_costs_add_up() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        if "**sum**" in table:
            above = table.partition("**sum**")[0]
            amounts = [float(each) for each in re.findall(r"\| (\d+\.\d\d) \|$", above, re.MULTILINE)]
            [total] = re.findall(r"\*\*(\d+\.\d\d)\*\*", table)
            assert sum(amounts) == pytest.approx(float(total), abs=0.01)
    [idle, *_] = re.findall(r"\*\*(\d+\.\d\d)\*\*", text)
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert f"an idle dev stack: about ${float(idle):.0f} a month" in readme


@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "Pulumi.prod.yaml.example"])
def test_the_costs_are_those_of_the_stack_as_it_is_configured(name: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    given = yaml.safe_load((ROOT / name).read_text())["config"]
    config = Config.parse(
        {
            key.split(":")[1]: each if isinstance(each, str) else json.dumps(each)
            for key, each in given.items()
        }.get
    )
    assert f"| alarms | {len(all_alarms(config))} \u00d7 0.10 |" in text
    assert f"| RDS {config.database_class}, " in text
    if name == "Pulumi.dev.yaml":
        assert f"CloudWatch<br/>{len(all_alarms(config))} alarms" in text


def test_what_the_documents_say_of_the_configuration_is_in_it() -> None:
    keys = set(yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"])
    for name in ("deploy.md", "limits.md", "operations.md"):
        text = (ROOT / "docs" / name).read_text()
        set_by = set(re.findall(r"`([a-z]+(?:[A-Z][a-zA-Z]*)+)(?:: [^`]*)?`", text))
        assert set_by <= keys | {"requestId", "responsePayload"}, set_by - keys


def test_a_lock_is_released_by_a_person_and_by_no_workflow() -> None:
    assert "`pulumi cancel --stack dev`" in DEPLOY.partition("\n## What can go wrong\n")[2]
    for path in (*(ROOT / ".github" / "workflows").iterdir(), *(ROOT / ".github" / "scripts").iterdir()):
        assert "pulumi cancel" not in path.read_text(), path


def test_a_protected_stack_is_let_go_in_the_order_that_works() -> None:
    """The policy pack refuses the update, so it runs without."""
    section = DEPLOY.partition("\n## Letting a protected stack go\n")[2].partition("```sh\n")[2]
    commands = [_command(line) for line in section.partition("```")[0].splitlines()]
    assert commands == [
        "pipeline redrive --stack prod",
        "pulumi config set --stack prod finalSnapshot true",
        "pulumi config set --stack prod deletionProtection false",
        "pulumi up --stack prod",
        "pulumi destroy --stack prod",
    ]


def test_the_commands_of_the_readme_are_those_of_the_deployment_document() -> None:
    document = {_command(line) for line in DEPLOY.splitlines()}
    block = (
        (ROOT / "README.md")
        .read_text()
        .partition("\n## In AWS\n")[2]
        .partition("```sh\n")[2]
        .partition("```")[0]
    )
    commands = [_command(line) for line in block.splitlines()]
    assert len(commands) > 20
    for each in commands:
        assert each in document, each


def _command(line: str) -> str:
    """A line of a block without its comment."""
    return re.sub(r"\s+# .*", "", line).rstrip()
