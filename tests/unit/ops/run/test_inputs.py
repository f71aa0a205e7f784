import os
import threading
from pathlib import Path

import pytest

from ops.run.inputs import STDIN, InputError, is_csv_name, resolve, spooled


@pytest.mark.parametrize(
    "name",
    [
        "~$x.csv",
        ".~lock.x.csv#",
        ".x.csv",
        ".x.csv.swp",
        "x.csv.part",
        "x.csv.crdownload",
        "x.csv.tmp",
        "x.csv.filepart",
        "x.csv~",
        ".hidden/x.csv",
        "a/.rsync-tmp/b/x.csv",
        "x.txt",
    ],
)
def test_what_is_locked_hidden_or_not_finished_is_no_csv(name: str) -> None:
    assert not is_csv_name(Path(name))


@pytest.mark.parametrize("name", ["x.csv", "a/b/x.csv.gz", "x.part.csv", "~x.csv", "$x.csv"])
def test_other_names_are_csvs(name: str) -> None:
    assert is_csv_name(Path(name))


def test_a_folder_that_is_hidden_itself_may_be_named(tmp_path: Path) -> None:
    folder = tmp_path / ".data"
    folder.mkdir()
    (folder / "x.csv").write_text("a\n")
    assert [item.key for item in resolve([folder])] == ["x.csv"]


def test_standard_input_and_pipes_get_the_names_of_csvs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed")
    read, write = os.pipe()
    try:
        inputs = resolve([STDIN, tmp_path / "feed", Path(f"/dev/fd/{read}")])
    finally:
        os.close(read)
        os.close(write)
    assert [(item.key, item.stream) for item in inputs] == [
        ("stdin.csv", True),
        ("feed", True),
        (f"{read}.csv", True),
    ]


def test_a_pipe_is_read_once_and_to_its_end(tmp_path: Path) -> None:
    pipe, body = tmp_path / "feed.csv", b"a\n" + b"1\n" * 500_000
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(body,))
    writer.start()
    (item,) = resolve([pipe])
    copy = spooled(item, tmp_path)
    writer.join()
    assert (copy.key, copy.stream) == ("feed.csv", False)
    assert copy.path.read_bytes() == body


def test_all_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "nowhere.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(InputError) as caught:
        resolve([tmp_path / "missing.csv", tmp_path / "empty", tmp_path / "nowhere.csv"])
    first, second, third = str(caught.value).splitlines()
    assert first.endswith("missing.csv: No such file or directory")
    assert "empty: no CSV in this folder" in second
    assert third.endswith("nowhere.csv: No such file or directory")
