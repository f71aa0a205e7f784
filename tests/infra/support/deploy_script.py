"""The script of the deploy workflow, with a program in place of pulumi and uv that notes its calls and ends as told."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.infra.support.program import ACCOUNT, REGION, ROOT

SCRIPT = ROOT / ".github" / "scripts" / "deploy.sh"
FORMER = f"sha256:{'f' * 64}"
OUTPUTS = {
    "function_name": "csv-pipeline-dev-worker",
    "image_uri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/csv-pipeline-dev@{FORMER}",
    "input_bucket": "example-input",
}
PROGRAM = f"""#!{sys.executable}
import json, os, pathlib, sys

play = pathlib.Path(os.environ["PLAY"])
state = json.loads((play / "state").read_text())
name, *words = pathlib.Path(sys.argv[0]).name, *sys.argv[1:]
state["calls"].append(" ".join([name, *words]))
status = 0
match name, words[0]:
    case "pulumi", "stack":
        print(json.dumps(state["outputs"], indent=2))
        status = state["readable"]
    case "pulumi", "config":
        state["imageDigest"] = words[-1]
    case "pulumi", "up":
        state["deployed"].append(state["imageDigest"])
        status = state["up"].pop(0)
    case "uv", "run":
        status = state["smoke"].pop(0)
(play / "state").write_text(json.dumps(state))
sys.exit(status)
"""


@dataclass(frozen=True)
class Run:
    """What the script did.

    Attributes:
        deployed: the `imageDigest` in the configuration at each `pulumi up`; empty where it builds the image.
        errors: the annotations.
    """

    status: int
    calls: list[str]
    deployed: list[str]
    errors: list[str]
    log: str
    summary: str


Deploy = Callable[..., Run]
