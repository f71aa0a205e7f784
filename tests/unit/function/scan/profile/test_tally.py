"""The values that grow with the file."""

import random

import pytest

from function.scan.profile.distinct import FEW, Sketch


def test_sketches_of_different_sizes_merge_to_the_smaller() -> None:
    small, large = Sketch.of((1, 5, 9), 3), Sketch.of((2, 3, 4, 6, 7), 100)
    assert small.merge(large) == large.merge(small) == Sketch.of((1, 2, 3), 3)


def test_a_sketch_is_exact_until_it_is_full() -> None:
    assert Sketch.of((1, 2, 3), 4).estimate == 3
    step = 2**64 // 1000
    assert Sketch.of(range(step, 101 * step, step), 100).estimate == pytest.approx(1000, rel=0.02)


@pytest.mark.parametrize("common", [0, 1, FEW // 2, 10 * FEW])
@pytest.mark.parametrize("own", [0, 1, FEW, 20 * FEW])
@pytest.mark.parametrize("others", [0, 1, FEW, FEW + 1, 20 * FEW])
def test_a_merge_gives_the_sketch_of_all_values(common: int, own: int, others: int) -> None:
    draw = random.Random(1)
    both, left, right = ({draw.getrandbits(64) for _ in range(count)} for count in (common, own, others))
    first, second = both | left, both | right
    one, other = (Sketch.of(sorted(hashes)[:1024], 1024) for hashes in (first, second))
    before = one.hashes[:], other.hashes[:]
    assert one.merge(other) == other.merge(one) == Sketch.of(sorted(first | second)[:1024], 1024)
    assert (one.hashes, other.hashes) == before
