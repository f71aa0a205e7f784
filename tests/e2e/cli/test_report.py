"""`pipeline report`, as its user runs it."""

import subprocess
from pathlib import Path

from tests.e2e.support.pipeline_command import PIPELINE, pipeline


def test_a_report_is_a_page_of_a_file_on_this_machine(tmp_path: Path) -> None:
    file, page = tmp_path / "my <file>.csv", tmp_path / "out.html"
    file.write_text("id,name\n1,ann\n2\n")
    done = pipeline("report", file, "-o", page)
    assert (done.returncode, done.stdout.strip()) == (0, str(page)), done.stderr
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "my &lt;file&gt;.csv" in text
    assert "ragged_rows, line 3" in text


def test_a_report_of_standard_input_is_written_to_report_html(tmp_path: Path) -> None:
    done = subprocess.run(
        [PIPELINE, "report", "-"], input=b"id\n1\n", capture_output=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Counted, without a doubt" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_report_of_what_is_no_file_here_says_what_it_is_taken_for() -> None:
    done = pipeline("report", "no-such.csv")
    assert done.returncode == 3
    assert "no-such.csv: no file on this machine, so taken for a key of the deployed stack" in done.stderr
