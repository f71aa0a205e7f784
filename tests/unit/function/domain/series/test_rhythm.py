from datetime import UTC, datetime, timedelta

import pytest

from function.domain.series.rhythm import LEAST, overdue

NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)


def arrivals(*days_ago: float) -> list[datetime]:
    return [NOW - DAY * days for days in sorted(days_ago)]


def test_a_daily_file_is_overdue_after_a_day_and_a_half() -> None:
    assert overdue("s", arrivals(1.4, 2.4, 3.4, 4.4, 5.4), NOW) is None
    late = overdue("s", arrivals(1.6, 2.6, 3.6, 4.6, 5.6), NOW)
    assert late
    assert (late.interval, late.last_uploaded_at) == (DAY, NOW - DAY * 1.6)
    assert late.due_at == late.last_uploaded_at + DAY * 1.5


def test_fewer_files_than_five_have_no_rhythm() -> None:
    assert LEAST == 5
    assert overdue("s", arrivals(20, 21, 22, 23), NOW) is None


def test_files_of_one_delivery_count_once() -> None:
    batches = [day + minute / 1440 for day in (1.2, 2.2, 3.2, 4.2, 5.2) for minute in range(0, 40, 2)]
    assert overdue("s", arrivals(*batches), NOW) is None
    assert overdue("s", arrivals(*(each + 1 for each in batches)), NOW)
    assert overdue("s", arrivals(*(minute / 1440 + 9 for minute in range(100))), NOW) is None


@pytest.mark.parametrize(("weeks", "is_late"), [(3, False), (1, True)])
def test_a_weekend_that_was_there_twice_is_no_delay(weeks: int, is_late: bool) -> None:
    """Files on weekdays at noon, the last on Friday; it is Monday noon, three days later."""
    days = [3 + 7 * week + day for week in range(weeks) for day in range(5)]
    assert bool(overdue("s", arrivals(*days), NOW)) is is_late


def test_one_long_break_does_not_change_the_rhythm() -> None:
    assert overdue("s", arrivals(2, 3, 4, 5, 30, 31, 32), NOW)
