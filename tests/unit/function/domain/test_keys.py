from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain import keys

TIME = datetime(2025, 9, 2, 14, 30, 0, 999000, UTC)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400).filter(
    lambda key: len(key.encode()) <= keys.MAX_KEY_BYTES
)


@pytest.mark.parametrize(
    ("key", "stamped"),
    [
        ("data.csv", "2025-09-02_14-30-00_data.csv"),
        ("reports/2025/data.csv.gz", "reports/2025/2025-09-02_14-30-00_data.csv.gz"),
        ("a//b.csv", "a//2025-09-02_14-30-00_b.csv"),
        ("space plus+é%.csv", "2025-09-02_14-30-00_space plus+é%.csv"),
        ("no-suffix", "2025-09-02_14-30-00_no-suffix"),
        ("/leading.csv", "/2025-09-02_14-30-00_leading.csv"),
    ],
)
def test_a_stamp_goes_before_the_name_and_the_folder_stays(key: str, stamped: str) -> None:
    assert keys.stamped_name(key, TIME) == stamped


def test_result_and_backup_are_named_after_the_upload() -> None:
    stamped = keys.stamped_name("in/data.csv", TIME)
    assert keys.result_key(stamped) == "results/in/2025-09-02_14-30-00_data.csv/result.json"
    assert keys.backup_key(stamped) == "backup/in/2025-09-02_14-30-00_data.csv"


def test_the_stamp_is_utc_wherever_the_event_comes_from() -> None:
    elsewhere = TIME.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert keys.stamped_name("data.csv", elsewhere) == keys.stamped_name("data.csv", TIME)


def test_a_mark_tells_versions_of_one_second_apart_and_keeps_the_suffix() -> None:
    one, other = keys.version_mark("v1"), keys.version_mark("v2")
    assert one != other
    assert keys.stamped_name("in/data.csv", TIME, one) == f"in/2025-09-02_14-30-00_data.{one}.csv"


@given(KEYS, st.booleans())
def test_every_name_fits_into_a_key(key: str, marked: bool) -> None:
    mark = keys.version_mark("version") if marked else ""
    for name in (keys.result_key, keys.backup_key):
        assert len(name(keys.stamped_name(key, TIME, mark)).encode()) <= keys.MAX_KEY_BYTES


@pytest.mark.parametrize(
    "key", ["x" * 1020 + ".csv", "d" * 1000 + "/" + "n" * 19 + ".csv", "é" * 510 + ".csv"]
)
def test_a_key_of_full_length_is_cut_in_the_middle_and_keeps_its_suffix(key: str) -> None:
    stamped = keys.stamped_name(key, TIME, keys.version_mark("v"))
    assert stamped.endswith(".csv")
    assert len(keys.result_key(stamped).encode()) <= keys.MAX_KEY_BYTES


def test_long_keys_that_differ_only_in_the_middle_get_names_of_their_own() -> None:
    one, other = ("x" * 500 + middle + "x" * 500 + ".csv" for middle in "ab")
    assert keys.stamped_name(one, TIME) != keys.stamped_name(other, TIME)


@given(KEYS, KEYS)
def test_two_keys_never_share_a_name(one: str, other: str) -> None:
    assert (one == other) == (keys.stamped_name(one, TIME) == keys.stamped_name(other, TIME))


SIGNS = st.text("a\0\N{SYMBOL FOR NULL}\N{SYMBOL FOR ESCAPE}", max_size=8)


@given(SIGNS, SIGNS)
def test_a_key_is_stored_without_a_nul_and_is_told_from_every_other(one: str, other: str) -> None:
    assert "\0" not in keys.storable(one)
    assert keys.original(keys.storable(one)) == one
    assert (one == other) == (keys.storable(one) == keys.storable(other))


def test_a_nul_is_shown_as_such_in_key_and_names() -> None:
    assert keys.storable("in/a\0b.csv") == "in/a␀b.csv"
    assert keys.stamped_name("in/a\0b.csv", TIME) == "in/2025-09-02_14-30-00_a␀b.csv"


def test_a_key_of_nuls_only_has_names_that_fit_into_a_key() -> None:
    stamped = keys.stamped_name("\0" * keys.MAX_KEY_BYTES, TIME, keys.version_mark("v"))
    assert len(keys.result_key(stamped).encode()) <= keys.MAX_KEY_BYTES
