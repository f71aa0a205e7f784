"""Batches -> tally, on a processor of its own where that pays."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from function.scan.profile import large
from function.scan.profile.tally import Summarise, Tally
from function.scan.records.batch import Batch

LARGE = 1 << 20  # bytes of a batch from which a thread of its own pays


class Profiler:
    """Adds batches to a tally.

    Attributes:
        tally: of what was read so far.
        summarise: reads the batches.
    """

    def __init__(self, tally: Tally, summarise: Summarise = large.summarise):
        self.tally, self.summarise = tally, summarise

    def take(self, batches: Iterable[Batch]) -> None:
        """Add all batches, as far as they come.

        A large batch is profiled in a thread while the next one is read: at most one of each is in memory.

        Raises:
            FileError: as `batches` does; what came before is in the tally.
            DefectError: a batch cannot be read again.
        """
        with ThreadPoolExecutor(1, "profile") as pool:  # a file of one small batch starts no thread
            profiled: Future[Tally] | None = None
            try:
                for batch in batches:
                    if profiled:
                        self.tally, profiled = profiled.result(), None
                    if len(batch.data) >= LARGE:
                        profiled = pool.submit(self.tally.add, batch, self.summarise)
                    else:
                        self.tally = self.tally.add(batch, self.summarise)
            finally:
                if profiled:
                    self.tally = profiled.result()
