"""Which columns a file has that earlier ones of its series had not, and the reverse. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from function.domain.content import ColumnType
from function.domain.series.remarks import USUAL, Remark, RemarkCode, of_columns
from function.domain.series.summary import FileSummary

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the columns of an earlier file: `renamed` has the earlier name and the present one."""

    added: Names
    gone: Names
    renamed: tuple[tuple[str, str], ...]
    moved: Names

    @property
    def size(self) -> int:
        """How many columns are concerned."""
        return len(self.added) + len(self.gone) + len(self.renamed) + len(self.moved)


def column_remarks(now: FileSummary, past: Sequence[FileSummary]) -> Iterator[Remark]:
    """What is remarkable about the columns' names and order.

    The file is compared with the last one, and with every order of columns that two or more earlier files
    had; what counts is the one that it differs least from. So a change is remarked once where it lasts, and
    a file that is as usual again after one that was not is not remarked.
    """
    shapes = Counter(file.names for file in past)
    known = [file for place, file in enumerate(past) if place == 0 or shapes[file.names] >= USUAL]
    distinct = {file.names: file for file in reversed(known)}  # the latest of each
    found = min((_difference(now, file) for file in reversed(distinct.values())), key=lambda each: each.size)
    yield from of_columns(RemarkCode.COLUMNS_ADDED, "New columns", _named(found.added))
    yield from of_columns(RemarkCode.COLUMNS_GONE, "Columns that are gone", _named(found.gone))
    renamed = [(new, f"{old!r} is {new!r} now") for old, new in found.renamed]
    yield from of_columns(RemarkCode.COLUMNS_RENAMED, "Columns with another name", renamed)
    yield from of_columns(RemarkCode.COLUMNS_MOVED, "Columns in another place", _named(found.moved))


def _named(names: Names) -> list[tuple[str, str]]:
    return [(name, repr(name)) for name in names]


def _difference(now: FileSummary, then: FileSummary) -> Difference:
    common = Counter(now.names) & Counter(then.names)
    before, after = _others(then.names, common), _others(now.names, common)
    forms = {column.name: column.form for file in (then, now) for column in file.columns}
    renamed = tuple(
        (old, new)
        for place, old in before.items()
        if (new := after.get(place)) and _alike(forms[old], forms[new])
    )
    old_names, new_names = {old for old, _ in renamed}, {new for _, new in renamed}
    return Difference(
        tuple(name for name in after.values() if name not in new_names),
        tuple(name for name in before.values() if name not in old_names),
        renamed,
        _moved(
            [name for name in now.names if name in common], [name for name in then.names if name in common]
        ),
    )


def _alike(one: str, other: str) -> bool:
    return one == other or ColumnType.EMPTY in {one, other}


def _others(names: Names, common: Mapping[str, int]) -> dict[tuple[str, int], str]:
    """The columns that only one side has, each by its place: behind which common one, and how far."""
    places: dict[tuple[str, int], str] = {}
    left, last, far = dict(common), "", 0
    for name in names:
        if left.get(name, 0):
            left[name] -= 1
            last, far = name, 0
        else:
            far += 1
            places[last, far] = name
    return places


def _moved(now: Sequence[str], then: Sequence[str]) -> Names:
    """The columns that must change places to get from one order to the other: as few as possible."""
    places: dict[str, int] = {name: place for place, name in enumerate(then)}
    order = [places[name] for name in dict.fromkeys(now)]
    stay = set(_longest_rising(order))
    return tuple(name for name, place in zip(dict.fromkeys(now), order, strict=True) if place not in stay)


def _longest_rising(numbers: Sequence[int]) -> Iterator[int]:
    """A longest rising subsequence, from its end (Fredman, 1975)."""
    ends: list[int] = []  # of the rising subsequences of each length, the smallest end
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    at = ends[-1] if ends else None
    while at is not None:
        yield at
        at = before[at]
