"""A file that is read in parts gives what reading it in one piece gives, or says that it is not sure."""


from hypothesis import given
from hypothesis import strategies as st

from function.domain.instructions import Options
from tests.support.part_equality import check
from tests.unit.support.damaged import FILES
from tests.unit.support.tables import LENIENT

OPTIONS = st.sampled_from([LENIENT, LENIENT, Options(), Options(encoding="utf-8"), Options(encoding="cp1252", header=True)])


@given(FILES, st.integers(1, 400), OPTIONS)
def test_parts_of_any_size_give_what_one_piece_gives(data: bytes, part_bytes: int, options: Options) -> None:
    check(data, part_bytes, options)
