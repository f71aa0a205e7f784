from types import SimpleNamespace
from typing import Any, cast

import pytest

from ops.deployed.deployment import KeyFilter, RefusedError
from ops.files.upload import refuse_unnoticed


def stack(*filters: KeyFilter) -> Any:
    return cast("Any", SimpleNamespace(key_filters=lambda: list(filters)))


def test_a_key_that_no_notification_lets_pass_is_refused_before_anything_is_sent() -> None:
    filters = (KeyFilter("in/", ".csv"), KeyFilter("", ".csv.gz"))
    with pytest.raises(RefusedError, match=r"^b\.csv: .* lets pass only in/\*\.csv, \*\.csv\.gz$"):
        refuse_unnoticed(stack(*filters), ["in/a.csv", "b.csv"])


@pytest.mark.parametrize("key", ["in/a.csv", "a.csv.gz"])
def test_a_key_that_one_notification_lets_pass_is_sent(key: str) -> None:
    refuse_unnoticed(stack(KeyFilter("in/", ".csv"), KeyFilter("", ".csv.gz")), [key])


def test_a_bucket_that_asks_nothing_of_a_key_takes_any() -> None:
    refuse_unnoticed(stack(), ["table.parquet"])
