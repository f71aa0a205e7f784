import _thread
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.deployed import pace
from ops.deployed.pace import BusyError, Pace, Paced, Tally


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_FIRST_PAUSE", 0.0)


def run(jobs: list[int], do: object, most: int = 8) -> Tally:
    return Paced(do, most, lambda _: None).run(iter(jobs))  # type: ignore[arg-type]


@dataclass
class Room:
    """Does so many jobs at once, and refuses what is beyond."""

    places: int
    taken: int = 0
    most: int = 0
    refused: int = 0
    done: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, job: int) -> None:
        with self.lock:
            if self.taken == self.places:
                self.refused += 1
                raise BusyError
            self.taken += 1
            self.most = max(self.most, self.taken)
        time.sleep(0.001)
        with self.lock:
            self.taken -= 1
            self.done[job] += 1


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 60))
def test_every_job_is_done_once_however_little_room_there_is(places: int, most: int, count: int) -> None:
    room = Room(places)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pace, "_FIRST_PAUSE", 0.0)
        tally = run(list(range(count)), room, most)
    assert room.done == Counter(range(count))
    assert room.most <= min(places, most)
    assert (tally.done, tally.refused, tally.failures) == (count, room.refused, [])


def test_a_job_that_fails_is_told_and_does_not_stop_the_others() -> None:
    def do(job: int) -> None:
        if job % 3 == 0:
            raise ValueError(f"job {job}")

    tally = run(list(range(7)), do)
    assert (tally.done, sorted(tally.failures)) == (4, ["job 0", "job 3", "job 6"])


def test_it_begins_with_one_and_doubles_with_each_round_up_to_the_most() -> None:
    growing = Pace(most=10)
    limits = []
    for _ in range(5):
        limits.append(int(growing.limit))
        for _ in range(int(growing.limit)):
            growing.faster()
    assert limits == [1, 2, 4, 8, 10]


def test_a_refusal_halves_what_runs_at_once_and_from_there_it_grows_by_one_a_round() -> None:
    paced = Pace(most=50, limit=16.0)
    paced.slower()
    assert paced.limit == 8
    for _ in range(8):
        paced.faster()
    assert paced.limit == pytest.approx(9, abs=0.1)


def test_pauses_double_up_to_half_a_minute_until_something_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _, high: high)
    paced = Pace(most=50, _pause=1.0)
    assert [paced.slower() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    paced.faster()
    assert paced.limit >= 1
    assert paced.slower() == 0.0  # the first pause, which is none in these tests


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """A shell has jobs in the background ignore the signal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interruption_waits_for_what_runs_and_begins_nothing_more() -> None:
    begun: list[int] = []

    def do(job: int) -> None:
        begun.append(job)
        if job == 3:
            _thread.interrupt_main()
            time.sleep(0.05)

    tally = run(list(range(1000)), do, most=2)
    assert tally.interrupted
    assert tally.done == len(begun) < 10
    assert tally.document()["interrupted"]
