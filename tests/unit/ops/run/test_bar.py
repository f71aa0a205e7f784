from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress, Task

from ops.run.bar import NoBar, bar, bars
from ops.run.inputs import Input

MEGABYTES_5 = 5 * 1024**2


@pytest.fixture
def item(tmp_path: Path) -> Input:
    (tmp_path / "large.csv").write_bytes(bytes(MEGABYTES_5))
    return Input(tmp_path / "large.csv", "large.csv")


def shown(progress: Progress) -> Task:
    [task] = progress.tasks
    return task


def test_one_bar_shows_the_upload_then_the_reading_then_the_parts(item: Input) -> None:
    progress = bars(Console(quiet=True))
    with bar(item, progress) as told:
        told.uploaded(1024**2)
        assert (shown(progress).description, shown(progress).completed) == ("large.csv: uploading", 1024**2)
        told.uploaded(MEGABYTES_5 - 1024**2)
        assert (shown(progress).description, shown(progress).finished) == ("large.csv: counting", True)
        told.parts(1, 5)
        assert shown(progress).description == "large.csv: 1 of 5 parts read"
        assert (shown(progress).completed, shown(progress).finished) == (1024**2, False)
        told.parts(5, 5)
        assert shown(progress).finished
    assert progress.tasks == []


def test_a_small_file_and_one_that_is_gone_have_no_bar(item: Input) -> None:
    item.path.write_bytes(b"x")
    for _ in range(2):
        progress = bars(Console(quiet=True))
        with bar(item, progress) as told:
            assert isinstance(told, NoBar)
            assert progress.tasks == []
        item.path.unlink(missing_ok=True)
