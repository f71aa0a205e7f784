"""The values that grow with the file."""

import pytest

from function.scan.profile.distinct import Sketch
from function.scan.profile.tally import CountMismatchError, empty_tally
from function.scan.records.batch import Batch
from function.scan.records.ledger import Ledger


def test_a_count_that_polars_does_not_confirm_is_never_published() -> None:
    wrong = Batch(b"1,2\n3,4\n", 3, ",", '"', Ledger(records=3))
    with pytest.raises(CountMismatchError):
        empty_tally(2).add(wrong)


def test_sketches_of_different_sizes_merge_to_the_smaller() -> None:
    small, large = Sketch((1, 5, 9), 3), Sketch((2, 3, 4, 6, 7), 100)
    assert small.merge(large) == large.merge(small) == Sketch((1, 2, 3), 3)


def test_a_sketch_is_exact_until_it_is_full() -> None:
    assert Sketch((1, 2, 3), 4).estimate == 3
    step = 2**64 // 1000
    assert Sketch(tuple(range(step, 101 * step, step)), 100).estimate == pytest.approx(1000, rel=0.02)
