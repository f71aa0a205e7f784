"""Measures everything beside its peers, and writes docs/benchmarks.md.

make bench
uv run --group bench python -m bench [quick|full|smoke|draw] [--only TEXT] [--into docs]
"""

import argparse
import json
from pathlib import Path
from typing import Any

from bench import ROOT, machine
from bench.plan import SIZES, jobs
from bench.report import document, plots
from bench.runner import run, source_digest

_CACHE = Path(".cache") / "bench"  # within the project, where every figure is measured


def main() -> None:
    """Measure what is missing, then write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("size", nargs="?", default="quick", choices=(*SIZES, "draw"))
    parser.add_argument("--only", default="", help="figures with this in their names")
    parser.add_argument("--into", type=Path, default=ROOT / "docs")
    given = parser.parse_args()
    kept = given.into / "benchmarks.json"
    if given.size != "draw":
        kept.write_text(json.dumps(_measured(given.size, given.only), indent=1) + "\n")
    measured = json.loads(kept.read_text())
    (given.into / "benchmarks.md").write_text(document.render(measured))
    plots.draw(measured, given.into / "benchmarks")


def _measured(size: str, only: str) -> dict[str, Any]:
    wanted = [job for job in jobs(SIZES[size], str(_CACHE / "tables")) if only in job.name]
    (ROOT / _CACHE / "tables").mkdir(parents=True, exist_ok=True)
    figures = run(wanted, ROOT / _CACHE / f"{size}-{source_digest(ROOT)}", ROOT)
    return {"machine": machine.facts(ROOT, size), "versions": machine.versions(), "figures": figures}


if __name__ == "__main__":
    main()
