"""A storm of uploads on a stack that is being broken, and the account of what became of each.

    python -m tests.faults.storm 10000

Mixed sizes, 5 % bad files, some keys uploaded again, every event delivered one to three times in any order,
workers killed at random, PostgreSQL restarted three times, S3 throttling 2 % of the requests.
"""

import random
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from local.stack import HANDLER, Stack
from tests.faults.harness import aws_faults
from tests.faults.harness.faulty_stack import BUCKET, FaultyStack, faulty_stack
from tests.faults.storm_account import Figures, Sent, take_stock
from tests.support import uploads

RESTARTS = 3
THROTTLED = 0.02
BAD = 0.05
AGAIN = 0.03  # keys that are uploaded once more, with other content
_BAD_BODIES = (b"", b"\x89PNG\r\n\x1a\n" + bytes(500), b'id,name\n1,"never closed\n' + b"2,b\n" * 100)


def storm(count: int, *, seed: int, concurrency: int = 2) -> Figures:
    """Let it rage over `count` uploads, wait for the end, and take stock."""
    chance, figures = random.Random(seed), Figures()
    with faulty_stack(handler=HANDLER, concurrency=concurrency, retry_delays=(0.5, 1.0)) as faulty:
        throttle = faulty.aws["s3"]
        throttle.breaks = aws_faults.status("503 Slow Down", "SlowDown")
        throttle.matches = lambda _: chance.random() < THROTTLED
        sent = list(_upload(faulty.stack, count, chance))
        began = time.monotonic()
        events = [each.obj for each in sent for _ in range(chance.randint(1, 3))]
        chance.shuffle(events)
        figures.uploads, figures.events = len(sent), len(events)
        with _trouble(faulty, count, chance, figures), ThreadPoolExecutor(2) as senders:
            list(senders.map(lambda obj: faulty.stack.send(uploads.event(obj)), events))
            _until_done(faulty, figures)
        while dead_letters := _settled(faulty.stack):  # the faults have ended
            figures.events_redriven += dead_letters
        figures.seconds = time.monotonic() - began
        figures.files_per_second = round(count / figures.seconds, 2)
        figures.requests_throttled = throttle.seen
        throttle.breaks = None
        figures.invocations = faulty.stack.log.read_text().count('"platform.report"')
        take_stock(faulty.stack, sent, figures)
    return figures


def _upload(stack: Stack, count: int, chance: random.Random) -> Iterator[Sent]:
    for number in range(count):
        again = number > 10 and chance.random() < AGAIN
        key = f"{'again' if again else 'in'}/{chance.randrange(10) if again else number}.csv"
        if chance.random() < BAD:
            rows, body = None, chance.choice(_BAD_BODIES)
        else:
            rows = chance.choice((0, 1, 20, 20, 20, 500, 500, 5_000, 40_000 if chance.random() < 0.2 else 50))
            body = b"id,name,note\n" + b"%d,upload %d,one more line of text\n" % (1, number) * rows
        yield Sent(uploads.put(stack, key, body, BUCKET), rows)


@contextmanager
def _trouble(faulty: FaultyStack, count: int, chance: random.Random, figures: Figures) -> Iterator[None]:
    """Kill workers all the time, and restart PostgreSQL at each quarter of the way."""
    over = threading.Event()

    def rage() -> None:
        due = [count * (turn + 1) // (RESTARTS + 1) for turn in range(RESTARTS)]
        while not over.wait(chance.uniform(0.5, 4.0)):
            if due and _finished(faulty) >= due[0]:
                due.pop(0)
                faulty.stack.postgres.stop()
                time.sleep(chance.uniform(0.5, 3.0))
                faulty.stack.postgres.start()
                figures.postgres_restarts += 1
            else:
                figures.workers_killed += faulty.kill_workers(1)

    thread = threading.Thread(target=rage)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _finished(faulty: FaultyStack) -> int:
    (row,) = faulty.sql("SELECT count(*) FROM file_metadata WHERE finished_at IS NOT NULL")
    return int(row["count"])


def _until_done(faulty: FaultyStack, figures: Figures) -> None:
    """Wait until all is done and enough faults have been injected; what was given up is sent once more."""
    while _away(faulty) < figures.uploads or figures.postgres_restarts < RESTARTS:
        time.sleep(3)
        figures.events_redriven += faulty.stack.redrive()


def _away(faulty: FaultyStack) -> int:
    try:
        return _finished(faulty)
    except OSError:  # being restarted
        return -1


def _settled(stack: Stack) -> int:
    """Wait for the end of all events, and send those given up once more; how many there were."""
    stack.settle(timeout=600)
    return stack.redrive()


if __name__ == "__main__":
    print(storm(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, seed=6, concurrency=3))
