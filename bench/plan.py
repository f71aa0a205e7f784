"""Which figures there are, and how large their files: a size fits a purpose and a patience."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

MEMORIES = (512, 1024, 1769, 3538)  # MB
DELAYS = (0, 5, 20)  # ms
LAMBDA_DELAY = 20  # ms, in the figures of cost
QUOTA_BYTES = {"1 KB": 1000, "1 MB": 10**6, "200 MB": 2 * 10**8}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        shape_mb: of each kind of table; of some only a share.
        mixed_mb: of the one that all readers are compared on.
        large_mb: of the large ones, each read from a file and from S3.
        large_shapes: what these are.
        rounds: of the usual figures; `small_rounds` of those of a file of 1 KB, `large_rounds` of large ones.
    """

    shape_mb: int
    mixed_mb: int
    large_mb: tuple[int, ...]
    large_shapes: tuple[str, ...]
    rounds: int
    small_rounds: int
    large_rounds: int


SIZES = {
    "smoke": Size(2, 3, (), (), 1, 2, 1),
    "quick": Size(100, 300, (1000,), ("plain",), 3, 25, 1),
    "full": Size(1000, 300, (4000,), ("plain", "gzip", "zstd"), 3, 50, 1),
}
SHAPES = {
    "plain": 1.0, "gzip": 1.0, "zstd": 1.0, "numbers": 1.0, "text": 1.0, "quoted": 1.0, "100 columns": 1.0,
    "2,000 columns": 0.25,  # one reader takes half a minute for 100 MB
}  # fmt: skip
FROM_S3 = ("plain", "gzip", "zstd")


@dataclass(frozen=True, slots=True)
class Job:
    """A figure to be measured in a process of its own.

    Attributes:
        name: of the figure.
        arguments: what Python is started with.
        seconds: after which it is given up.
    """

    name: str
    arguments: tuple[str, ...]
    seconds: float

    @property
    def command(self) -> list[str]:
        """What to start."""
        return [sys.executable, "-m", *self.arguments]


def jobs(size: Size, folder: str) -> Iterator[Job]:
    """All figures, those that most depends on first; `folder` keeps the tables."""
    yield _handlers("cold", max(1, size.small_rounds // 3))
    for delay in DELAYS:
        yield _handlers(f"warm {delay} ms", size.small_rounds, "warm", delay=delay)
    yield _scan("mixed", size.mixed_mb, size.rounds + 2, folder)
    yield _scan("mixed", size.mixed_mb, size.rounds, folder, "s3")
    for memory in MEMORIES:
        for name, count in QUOTA_BYTES.items():
            rounds = size.rounds if count > 10**7 else size.rounds * 3
            yield _handlers(
                f"quota {memory} MB, {name}", rounds, "quota", delay=LAMBDA_DELAY, memory=memory, size=count
            )
    for shape, share in SHAPES.items():
        yield _scan(shape, int(size.shape_mb * share), size.rounds, folder)
    for shape in FROM_S3:
        yield _scan(shape, size.shape_mb, size.rounds, folder, "s3")
    for megabytes in size.large_mb:
        for shape in size.large_shapes:
            for source in ("file", "s3"):
                yield _scan(shape, megabytes, size.large_rounds, folder, source)


def scan_name(shape: str, megabytes: int, source: str) -> str:
    """The name of a figure of throughput."""
    return f"scan {shape}, {megabytes} MB, {source}"


def _scan(shape: str, megabytes: int, rounds: int, folder: str, source: str = "file") -> Job:
    arguments = ("bench.scans.compare", shape, str(megabytes), str(rounds), source, folder)
    return Job(scan_name(shape, megabytes, source), arguments, 300 + 2.0 * megabytes * rounds)


def _handlers(
    name: str,
    rounds: int,
    kind: str = "cold",
    *,
    delay: int = 0,
    memory: int = MEMORIES[-1],
    size: int = 1000,
) -> Job:
    arguments = (
        "bench.handlers.measure", kind, str(rounds), f"--delay={delay / 1000}", f"--memory={memory}", f"--bytes={size}",
    )  # fmt: skip
    return Job(name, arguments, 600)
