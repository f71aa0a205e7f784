import json
import re
from pathlib import Path

import pytest
import yaml

from infra.alarms import all_alarms
from infra.config import Config
from tests.infra.program import ROOT

DOCUMENTS = [
    *(ROOT / "docs" / f"{name}.md" for name in ("architecture", "deploy", "limits", "operations")),
    *sorted((ROOT / "docs" / "adr").glob("*.md")),
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_the_architecture_names_every_file_of_the_infrastructure() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    missing = [each.name for each in (ROOT / "infra").glob("[!_]*.py") if f"`{each.name}`" not in text]
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


def test_what_the_documents_say_of_the_configuration_is_in_it() -> None:
    keys = set(yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"])
    for name in ("deploy.md", "limits.md", "operations.md"):
        text = (ROOT / "docs" / name).read_text()
        set_by = set(re.findall(r"`([a-z]+(?:[A-Z][a-zA-Z]*)+)(?:: [^`]*)?`", text))
        assert set_by <= keys | {"requestId", "responsePayload"}, set_by - keys


def test_the_commands_of_the_readme_are_those_of_the_deployment_document() -> None:
    document = {_command(line) for line in (ROOT / "docs" / "deploy.md").read_text().splitlines()}
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
