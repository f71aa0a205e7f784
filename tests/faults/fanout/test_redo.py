"""What happens to a file of which parts are read again, or which is read in one piece in the end."""

from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.faults.fanout.guarantees import Large, keep
from tests.faults.fanout.moments import At, die
from tests.faults.fanout.play import SECONDS
from tests.faults.fanout.steps import send, some, states
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack
from tests.support import uploads

pytestmark = pytest.mark.usefixtures("healed")

INSIDE = b"1,name 1,text 1\n" * 120_000  # lines like records, in a quoted field, over the end of a part
REDO = b'id,name,text\n9,nine,"' + INSIDE + b'"\n' + b'7,name 7,"a, ""b""\nc"\n' * 9_000
JAPANESE = "8,日本語の名前,東京都千代田区\n".encode("cp932") * 400
LATE = b"id,name,note\n" + b'7,name 7,"a\nb, and more"\n' * 95_000 + JAPANESE  # in one piece
REDO_STEPS = ("before part 1 again", "after part 1 again", "before merge", "before finish")
LATE_STEPS = ("after merge", "before finish: record", "after finish: record", "before finish: settle")


@pytest.fixture(scope="module")
def in_one_piece() -> Iterator[Stack]:
    with Stack(variables={"SPLIT_MEGABYTES": "0"}) as stack:
        yield stack


def whole(stack: Stack, body: bytes) -> Large:
    """The file as it is when it is read in one piece."""
    return Large(body, uploads.finished(stack, uploads.put(stack, "whole.csv", body)).result["csv"])


def test_two_large_files_at_once_keep_apart_while_their_workers_die(
    faulty: FaultyStack, table: Large, in_one_piece: Stack
) -> None:
    files = [table, whole(in_one_piece, REDO)]
    both = [uploads.put(faulty.stack, f"both {len(each.body)}.csv", each.body, BUCKET) for each in files]
    faulty.heard = At("before merge", die, times=2)
    for obj in both:
        faulty.stack.send(uploads.event(obj))
    faulty.stack.settle(SECONDS)
    for obj, large in zip(both, files, strict=True):
        keep(faulty, obj, large)
        assert states(faulty, obj) == ["SUCCEEDED"]


@pytest.mark.parametrize("step", some(REDO_STEPS, 2))
def test_a_part_that_is_read_again_is_so_once_more_after_a_death(
    faulty: FaultyStack, in_one_piece: Stack, step: str
) -> None:
    obj = uploads.put(faulty.stack, f"redo {step}.csv", REDO, BUCKET)
    faulty.heard = At(step, die)
    send(faulty, obj)
    keep(faulty, obj, whole(in_one_piece, REDO))
    assert "after part 1 again" in faulty.steps
    assert states(faulty, obj) == ["SUCCEEDED"]


@pytest.mark.parametrize("step", some(LATE_STEPS, 4))
def test_a_file_that_the_parts_cannot_tell_is_read_in_one_piece_whoever_dies(
    faulty: FaultyStack, in_one_piece: Stack, step: str
) -> None:
    obj = uploads.put(faulty.stack, f"late {step}.csv", LATE, BUCKET)
    faulty.heard = At(step, die)
    send(faulty, obj)
    traces = keep(faulty, obj, whole(in_one_piece, LATE), most_messages=2 if "settle" in step else 1)
    assert traces.result["source"]["sha256"]
    assert traces.result["source"]["sha256_parts"] is None
    assert states(faulty, obj) == ["SUCCEEDED"]
