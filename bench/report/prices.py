"""What it costs: the tables of dollars."""

from bench.plan import MEMORIES, QUOTA_BYTES
from bench.report.cost import ALARM_SECONDS, Cost, cheapest
from bench.report.figure import OURS, Figure
from bench.report.markdown import number, table
from bench.report.speed import NAMES, Figures

_HEAD = ["1 KB: ms", "$ a million", "1 MB: ms", "$ a million", "200 MB: s", "$ a TB", "peak MB"]


def costs(figures: Figures, who: str = OURS) -> list[Cost]:
    """Of every size of which all figures are there."""
    found = []
    for memory in MEMORIES:
        small, middle, large = (figures.get(f"quota {memory} MB, {name}", Figure()) for name in QUOTA_BYTES)
        measured = [figure.median(who, "wall") for figure in (small, middle, large)]
        match [*measured, large.median(who, "peak_mb")]:
            case [float(a), float(b), float(c), float(peak)]:
                found.append(Cost(memory, a, b, c, peak))
    return found


def cost(figures: Figures) -> str:
    """Ours, for each memory."""
    return table(["memory MB", *_HEAD], [[f"{each.memory_mb:,}", *_cells(each)] for each in costs(figures)])


def rival_cost(figures: Figures) -> str:
    """The rivals, for each memory."""
    rows = [
        [NAMES[who], f"{each.memory_mb:,}", *_cells(each)]
        for who in ("pandas", "typical")
        for each in costs(figures, who)
    ]
    return table(["", "memory MB", *_HEAD], rows)


def default(figures: Figures) -> str:
    """The cheapest size that keeps the alarm quiet."""
    found = cheapest(costs(figures))
    if found is None:
        return f"No size that was measured keeps a file of 200 MB under {ALARM_SECONDS:g} s."
    return (
        f"The cheapest that keeps a file of 200 MB under {ALARM_SECONDS:g} s is {found.memory_mb:,} MB"
        f" ({number(found.large)} s)."
    )


def _cells(each: Cost) -> list[str]:
    killed = "" if each.fits else ", killed by Lambda"
    return [
        number(each.small, 1000), f"{each.small_dollars:.2f}", number(each.middle, 1000), f"{each.middle_dollars:.2f}",
        number(each.large), f"{each.terabyte_dollars:.2f}", number(each.peak_mb) + killed,
    ]  # fmt: skip
