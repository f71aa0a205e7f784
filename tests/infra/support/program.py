"""The program as it registered itself: resources, what they depend on, and the stack's outputs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
PROJECT = "csv-pipeline"
REGION = "eu-central-1"
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Resource:
    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: dict[str, Any]
    secrets: list[str]
    dependencies: list[str]
    protect: bool
    retain: bool
    deleted_within: str
    aliases: list[str]
    secret_outputs: list[str]
    provider: list[str]

    def __getitem__(self, key: str) -> Any:
        return self.inputs[key]


@dataclass(frozen=True)
class Program:
    resources: list[Resource]
    outputs: dict[str, Any] = field(default_factory=dict)

    def all(self, kind: str) -> list[Resource]:
        """Every resource, not component, of a type, named by its end, such as `Bucket` or `index:Image`."""
        return [each for each in self.resources if each.custom and f":{each.type}".endswith(f":{kind}")]

    def one(self, kind: str, name: str = "") -> Resource:
        """The only resource of a type whose name ends so."""
        found = [each for each in self.all(kind) if each.name.endswith(name)]
        assert len(found) == 1, f"{len(found)} of {kind} …{name}: {[each.name for each in found]}"
        return found[0]

    def before(self, resource: Resource) -> set[str]:
        """The URNs of all that must exist before `resource`, near and far."""
        by_urn = {each.urn: each for each in self.resources}
        seen: set[str] = set()
        waiting = list(resource.dependencies)
        while waiting:
            urn = waiting.pop()
            if urn not in seen and urn in by_urn:
                seen.add(urn)
                waiting += by_urn[urn].dependencies
        return seen

    def policy(self, kind: str, name: str, key: str = "policy") -> list[dict[str, Any]]:
        """The statements of a policy document."""
        statements: list[dict[str, Any]] = json.loads(self.one(kind, name)[key])["Statement"]
        return statements


def stack_config(file: str, **more: object) -> dict[str, str]:
    """What Pulumi's command line passes on: the project's defaults, then the stack's file, then `more`."""
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    values = {f"{PROJECT}:{key}": spec["default"] for key, spec in declared.items() if "default" in spec}
    values |= yaml.safe_load((ROOT / file).read_text())["config"]
    values |= {f"{PROJECT}:{key}": value for key, value in more.items()}
    return {key: _text(value) for key, value in values.items()}


def run(stack: str, config: Mapping[str, str], *flags: str, tree: Path = ROOT) -> Program:
    """Run the program in a process of its own; its failure is this one's.

    Args:
        tree: where it runs, and so what the image is built from.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.infra.support.record", stack, *flags],
        input=json.dumps(config),
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Program(list(_resources(json.loads(done.stdout))), _outputs(json.loads(done.stdout)))


def tool(name: str) -> str:
    """A program that is installed beside this Python."""
    return str(Path(sys.executable).parent / name)


def _resources(recorded: list[dict[str, Any]]) -> Iterator[Resource]:
    return (Resource(**each) for each in recorded if "type" in each and each["type"] != "pulumi:pulumi:Stack")


def _outputs(recorded: list[dict[str, Any]]) -> dict[str, Any]:
    stack: list[dict[str, Any]] = [
        each["outputs"] for each in recorded if "outputs" in each and "pulumi:pulumi:Stack" in each["urn"]
    ]
    return stack[-1]


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
