"""A folder that is watched: real files, real writers, real time."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from ops.run import watch
from ops.run.inputs import Input
from ops.run.seen import FILE_NAME, SeenFiles
from ops.run.watch import dropped
from ops.run.writers import is_closed, mind_no_writers

pytestmark = pytest.mark.anyio


class Watcher:
    """What a watched folder gave so far, and what was said."""

    def __init__(self, folder: Path) -> None:
        self.items: list[Input] = []
        self.said: list[str] = []
        self.taken = SeenFiles(folder, self.said.append)

    @property
    def keys(self) -> list[str]:
        return [item.key for item in self.items]

    async def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, (self.items, self.said)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Watcher]:
    watcher = Watcher(folder)

    async def collect() -> None:
        async for item in dropped(folder, watcher.taken, watcher.said.append, watcher.said.append):
            watcher.items.append(item)

    task = asyncio.create_task(collect())
    try:
        yield watcher
    finally:
        task.cancel()
        await asyncio.wait([task])


@contextmanager
def writer(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the file open for writing."""
    script = "import sys,time; f=open(sys.argv[1],'a'); f.write('a\\n1\\n'); f.flush(); print('open',flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_QUIET_SECONDS", 0.2)
    monkeypatch.setattr(watch, "_OPEN_SECONDS", 3.0)


def test_a_file_is_closed_once_no_process_can_write_to_it(tmp_path: Path) -> None:
    mind_no_writers()
    path = tmp_path / "x.csv"
    with writer(path):
        assert is_closed(path) is False
    assert is_closed(path) is True
    with path.open("rb"):
        assert is_closed(path) is True
    assert is_closed(tmp_path / "nowhere.csv") is None


async def test_a_file_that_is_open_for_writing_is_waited_for_and_that_is_said_once(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        with writer(tmp_path / "slow.csv"):
            await watcher.until(lambda: bool(watcher.said))
            assert watcher.said == ["waiting for slow.csv: still growing, or open for writing"]
            assert watcher.keys == []
        await watcher.until(lambda: watcher.keys == ["slow.csv"])
        assert len(watcher.said) == 1


async def test_a_file_that_is_never_closed_is_taken_after_a_long_quiet(tmp_path: Path) -> None:
    with writer(tmp_path / "log.csv"):
        began = time.monotonic()
        async with watching(tmp_path) as watcher:
            await watcher.until(lambda: watcher.keys == ["log.csv"])
        assert time.monotonic() - began >= 3.0


async def test_where_writers_cannot_be_told_the_quiet_is_as_long_as_the_growth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "is_closed", lambda _: None)
    path = tmp_path / "remote.csv"
    async with watching(tmp_path) as watcher:
        for _ in range(8):  # with pauses longer than what is enough for a file that came at once
            with path.open("a") as file:
                file.write("1\n")
            written = time.monotonic()
            await asyncio.sleep(0.15)
        await watcher.until(lambda: watcher.keys == ["remote.csv"])
        assert time.monotonic() - written >= 0.8


async def test_what_is_renamed_into_place_is_taken_and_what_it_was_before_is_not(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        for name in ("~$x.csv", ".x.csv", "x.csv.part"):
            (tmp_path / name).write_text("a\n1\n")
        await asyncio.sleep(0.6)
        assert watcher.keys == []
        (tmp_path / "x.csv.part").rename(tmp_path / "x.csv")
        await watcher.until(lambda: watcher.keys == ["x.csv"])


async def test_a_file_that_is_replaced_is_taken_again_even_at_the_same_size_and_time(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    async with watching(tmp_path) as watcher:
        await watcher.until(lambda: watcher.keys == ["x.csv"])
        (tmp_path / "new").write_text("a\n2\n")
        shutil.copystat(tmp_path / "x.csv", tmp_path / "new")
        (tmp_path / "new").rename(tmp_path / "x.csv")
        await watcher.until(lambda: watcher.keys == ["x.csv", "x.csv"])


async def test_a_file_that_is_taken_away_while_it_is_waited_for_is_forgotten(tmp_path: Path) -> None:
    async with watching(tmp_path) as watcher:
        with writer(tmp_path / "brief.csv"):
            await watcher.until(lambda: bool(watcher.said))
            (tmp_path / "brief.csv").unlink()
        (tmp_path / "other.csv").write_text("a\n")
        await watcher.until(lambda: watcher.keys == ["other.csv"])


async def test_a_later_run_takes_only_what_has_no_verdict_yet(tmp_path: Path) -> None:
    for name in ("done.csv", "begun.csv"):
        (tmp_path / name).write_text("a\n1\n")
    async with watching(tmp_path) as first:
        await first.until(lambda: len(first.items) == 2)
    first.taken.keep(next(item for item in first.items if item.key == "done.csv"))
    async with watching(tmp_path) as second:
        await second.until(lambda: second.keys == ["begun.csv"])
        (tmp_path / "done.csv").write_text("a\n1\n2\n")
        await second.until(lambda: second.keys == ["begun.csv", "done.csv"])


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    taken = SeenFiles(tmp_path, print)
    taken.keep(Input(tmp_path / "a.csv", "a.csv", (1, 2, 3)))
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write('{"key": "b.csv", "cont')
    again = SeenFiles(tmp_path, print)
    assert again.has("a.csv", (1, 2, 3))
    assert len(again) == 1


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    os.mkdir(tmp_path / FILE_NAME)  # noqa: PTH102 whoever runs this, nobody writes to a folder
    said: list[str] = []
    taken = SeenFiles(tmp_path, said.append)
    for _ in range(2):
        taken.keep(Input(tmp_path / "a.csv", "a.csv", (1, 2, 3)))
    assert len(said) == 1
    assert "the next run will take these files again" in said[0]
