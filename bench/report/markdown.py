"""Tables of Markdown, and the numbers in them."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float | None, scale: float = 1.0) -> str:
    """With three figures that count; a dash for none."""
    if value is None:
        return "–"
    value *= scale
    return (
        f"{value:,.0f}" if abs(value) >= 99.95 else f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"
    )


def beside(value: float | None, ratio: float | None, scale: float = 1.0) -> str:
    """A value, and in brackets how it compares to ours."""
    return number(value, scale) + (f" (×{number(ratio)})" if ratio is not None else "")
