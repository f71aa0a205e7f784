"""The values that grow with the file."""

import pytest

from function.scan.profile.distinct import Sketch


def test_sketches_of_different_sizes_merge_to_the_smaller() -> None:
    small, large = Sketch.of((1, 5, 9), 3), Sketch.of((2, 3, 4, 6, 7), 100)
    assert small.merge(large) == large.merge(small) == Sketch.of((1, 2, 3), 3)


def test_a_sketch_is_exact_until_it_is_full() -> None:
    assert Sketch.of((1, 2, 3), 4).estimate == 3
    step = 2**64 // 1000
    assert Sketch.of(range(step, 101 * step, step), 100).estimate == pytest.approx(1000, rel=0.02)
