import sys
from pathlib import Path
from typing import Any

import pytest

from bench import ROOT, runner
from bench.plan import SIZES, Job, jobs
from tests.support import uploads

MEASURES = (
    "import pathlib; pathlib.Path('{log}').open('a').write('x'); print('{{\"rounds\": [], \"facts\": {{}}}}')"
)


class Script(Job):
    """A figure whose program is its first argument."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", self.arguments[0]]


def run(folder: Path, *scripts: str, seconds: float = 60) -> dict[str, Any]:
    found = [Script(f"figure {number}", (script,), seconds) for number, script in enumerate(scripts)]
    return runner.run(found, folder, ROOT)


def test_a_figure_that_fails_says_why_and_the_next_is_measured(tmp_path: Path) -> None:
    found = run(tmp_path, "raise SystemExit('no luck')", MEASURES.format(log=tmp_path / "runs"))
    assert found["figure 0"]["error"] == "no luck"
    assert found["figure 1"]["rounds"] == []


def test_a_figure_that_takes_too_long_is_given_up_with_all_it_has_started(tmp_path: Path) -> None:
    started = tmp_path / "started"
    forks = (
        "import os, subprocess, sys, pathlib, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path('{started}').write_text(str(child.pid))\n"
        "time.sleep(600)"
    )
    found = run(tmp_path, forks, seconds=3)
    assert found["figure 0"]["error"] == "not done after 3 s"
    uploads.until(lambda: _ended(started.read_text()), 10, "what it had started has ended")


def _ended(pid: str) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_what_was_measured_is_not_measured_again_but_what_failed_is(tmp_path: Path) -> None:
    measures, fails = (
        MEASURES.format(log=tmp_path / "once"),
        MEASURES.format(log=tmp_path / "twice") + "; 1/0",
    )
    run(tmp_path, measures, fails)
    run(tmp_path, measures, fails)
    assert (tmp_path / "once").read_text() == "x"
    assert (tmp_path / "twice").read_text() == "xx"


def test_other_arguments_make_another_figure(tmp_path: Path) -> None:
    run(tmp_path, MEASURES.format(log=tmp_path / "first"))
    run(tmp_path, MEASURES.format(log=tmp_path / "second"))
    assert (tmp_path / "second").read_text() == "x"


def test_a_change_of_the_source_is_another_source(tmp_path: Path) -> None:
    for folder in ("function", "local", "bench/handlers", "bench/scans"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("bench/quota.py", "uv.lock"):
        (tmp_path / file).touch()
    module = tmp_path / "function" / "a.py"
    module.write_text("a = 1")
    before = runner.source_digest(tmp_path)
    module.write_text("a = 2")
    assert runner.source_digest(tmp_path) != before


@pytest.mark.parametrize("size", SIZES)
def test_every_figure_has_a_name_of_its_own(size: str) -> None:
    names = [job.name for job in jobs(SIZES[size], "folder")]
    assert len(names) == len(set(names))
