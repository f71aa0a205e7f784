import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain import fanout
from function.domain.errors import EventError
from function.domain.fanout import MAX_PARTS, Item
from function.domain.model import CsvObject
from tests.support.examples import OBJECT

NAMES = st.from_regex(r"[1-9][0-9]{0,9}-[1-9][0-9]{0,4}-[0-9a-f]{8}", fullmatch=True)


@given(NAMES, st.integers(0, MAX_PARTS - 1), st.none() | st.from_regex(r"[\w.,:+-]*", fullmatch=True))
def test_an_item_is_read_as_it_was_written(name: str, part: int, known: str | None) -> None:
    item = Item(name, part, known)
    assert Item.parse(str(item)) == item


@pytest.mark.parametrize(
    "text", ["", "name", "/1", "name/", "name/x", "name/-1", "name/1/2/3", "name/²", "name/٣", 7, {}]
)
def test_what_is_no_item_is_refused(text: object) -> None:
    with pytest.raises(EventError, match="not an item of an execution"):
        Item.parse(text)


def test_the_name_of_an_execution_tells_row_and_attempt_and_is_another_for_another_version() -> None:
    name = fanout.execution_name(7, 2, OBJECT)
    assert name.startswith("7-2-")
    assert name == fanout.execution_name(7, 2, OBJECT)
    assert name != fanout.execution_name(7, 2, CsvObject("in", "k", "v2", "", 1, OBJECT.uploaded_at))
    assert "/" not in name


def test_the_keys_of_an_execution_are_its_own_and_in_the_order_of_its_parts() -> None:
    keys = [fanout.part_key("7-1-ab", part) for part in range(MAX_PARTS)]
    assert keys == sorted(keys)
    assert fanout.plan_key("7-1-ab") == "work/7-1-ab/plan.json"
    assert fanout.merged_key("7-1-ab") == "work/7-1-ab/merged.bin"
    assert keys[3] == "work/7-1-ab/parts/00003.bin"
