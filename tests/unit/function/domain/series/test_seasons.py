"""Generated seasons of sixty files with twelve planted changes; `make seasons` prints more of them."""

from tests.support.seasons.files import CHANGES, DAYS, Season
from tests.support.seasons.play import Score, play

SEASONS = 5


def test_changes_are_found_and_fewer_than_two_in_a_hundred_files_are_remarked_without_cause() -> None:
    score = Score()
    for seed in range(SEASONS):
        play(Season(seed), score)
    assert score.files == SEASONS * DAYS
    assert score.found.total() + score.missed.total() == SEASONS * CHANGES
    assert score.found.total() >= 0.9 * SEASONS * CHANGES, score.missed
    assert score.false_files < 0.02 * score.files, score.false
