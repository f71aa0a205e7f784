import pytest

from tests.faults.storm import RESTARTS, storm


def test_of_a_storm_of_uploads_none_is_lost_none_doubled_and_none_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = storm(500, seed=1)
    with capsys.disabled():
        print(f"\n{figures}")
    assert (figures.lost, figures.doubled, figures.wrong, figures.left_to_reconcile) == (0, 0, 0, 0)
    assert figures.right == 500
    # it was a storm
    assert figures.postgres_restarts == RESTARTS
    assert figures.workers_killed > 3
    assert figures.requests_throttled > 20
