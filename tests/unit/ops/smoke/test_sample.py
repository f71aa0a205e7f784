from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.keys import MAX_KEY_BYTES, backup_key, result_key, stamped_name
from ops.deployed.deployment import KeyFilter
from ops.run.inputs import CSV_SUFFIXES, Input
from ops.run.profile import profile
from ops.smoke.sample import sample

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
NAME = "smoke/2026-11-25_14-30-00_0a1b2c3d"


@pytest.mark.parametrize(
    ("filters", "key"),
    [
        ([], f"{NAME}.csv"),
        ([KeyFilter("", "")], f"{NAME}.csv"),
        ([KeyFilter("", each) for each in CSV_SUFFIXES], f"{NAME}.csv"),
        ([KeyFilter("", ".tsv"), KeyFilter("", ".csv")], f"{NAME}.csv"),
        ([KeyFilter("", ".TXT"), KeyFilter("", ".tsv")], f"{NAME}.TXT"),
        ([KeyFilter("in/", ".csv")], f"in/{NAME}.csv"),
        ([KeyFilter("in", ".csv")], f"in/{NAME}.csv"),
        ([KeyFilter("in/", "")], f"in/{NAME}.csv"),
        ([KeyFilter("a/", ".tsv"), KeyFilter("b/", ".csv")], f"b/{NAME}.csv"),
    ],
)
def test_the_key_is_one_that_the_notification_lets_pass(filters: list[KeyFilter], key: str) -> None:
    assert sample(NOW, "0a1b2c3d", filters).key == key


@given(st.lists(st.builds(KeyFilter, st.text(max_size=20), st.sampled_from(["", *CSV_SUFFIXES])), max_size=4))
def test_whatever_the_filters_are_one_of_them_fits(filters: list[KeyFilter]) -> None:
    key = sample(NOW, "0a1b2c3d", filters).key
    assert not filters or any(key.startswith(each.prefix) and key.endswith(each.suffix) for each in filters)
    assert f"{NAME}." in key


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".csv.gz", ".csv.zip", ".CSV.xz", ".txt"])
def test_the_reader_counts_it_without_a_doubt_whatever_its_ending(tmp_path: Path, suffix: str) -> None:
    made = sample(datetime.now(UTC), "12345678", [KeyFilter("", suffix)])
    path = tmp_path / f"file{suffix}"
    path.write_bytes(made.content)
    found = profile(Input(path, made.key))
    assert found["error"] is None
    assert (found["csv"]["rows"], found["csv"]["warnings"]) == (made.rows, [])


def test_two_tests_never_have_the_same_content() -> None:
    assert sample(NOW, "0a1b2c3d", []).content != sample(NOW, "0a1b2c3e", []).content


def test_its_result_and_backup_are_where_the_permissions_reach() -> None:
    """docs/operations.md grants results/smoke/ and backup/smoke/."""
    stamped = stamped_name(sample(NOW, "0a1b2c3d", []).key, NOW)
    assert result_key(stamped).startswith("results/smoke/")
    assert backup_key(stamped).startswith("backup/smoke/")
    assert len(result_key(stamped)) < MAX_KEY_BYTES
