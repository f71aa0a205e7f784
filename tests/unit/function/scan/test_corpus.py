"""The score on a corpus of messy files with known answers, where one is at hand: it must not fall."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = os.environ.get("CSV_CORPUS", "")
ROOT = Path(__file__).parents[4]


@pytest.mark.skipif(
    not (CORPUS and (Path(CORPUS) / "score.py").is_file()),
    reason="CSV_CORPUS names no corpus of messy files (a folder with score.py)",
)
def test_messy_files_with_known_answers_are_read_right_or_not_in_silence(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    judge = [sys.executable, f"{CORPUS}/score.py", "--adapter", "bench.readers:ours", "--json", str(report)]
    subprocess.run(judge, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)
    score = json.loads(report.read_text())["summary"]["ours"]
    assert score["macro_ok"] >= 98
    assert score["silent_rows"] <= 1
    assert score["silent_shape"] <= 3
    assert score["warned_ok"] < 8
    assert (score["crashes"], score["timeouts"]) == (0, 0)
