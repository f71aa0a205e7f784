"""Which columns have another type than in earlier files of a series. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from function.domain.content import ColumnType
from function.domain.series.remarks import USUAL, Remark, RemarkCode, of_columns
from function.domain.series.summary import ColumnSummary, FileSummary

_FILES, _VALUES = 5, 20  # of text alone, before it is remarked that a column has no text any more
_WIDTH = {ColumnType.INTEGER: 0, ColumnType.DECIMAL: 1, ColumnType.FLOAT: 2}


def type_remarks(now: FileSummary, past: Sequence[FileSummary]) -> Iterator[Remark]:
    """Columns of a type, or written in a form, that neither the last file nor two earlier ones had."""
    history: dict[str, list[str]] = {}
    for file in past:
        for column in file.columns:
            if column.form != ColumnType.EMPTY:
                history.setdefault(column.name, []).append(column.form)
    changed = []
    for column in now.columns:
        forms = history.get(column.name, [])
        if forms and column.form != ColumnType.EMPTY and not _is_usual(column, now.rows, forms):
            changed.append((column.name, f"{column.name!r} is {column.form}, and was {forms[0]}"))
    yield from of_columns(RemarkCode.TYPE_CHANGED, "Columns of another type", changed)


def _is_usual(column: ColumnSummary, rows: int, forms: Sequence[str]) -> bool:
    """Whether the column is what it was.

    Args:
        column: the file's.
        rows: of the file.
        forms: those of earlier files, the latest first.
    """
    counts = Counter(forms)
    usual = [form for form in counts if form == forms[0] or counts[form] >= USUAL]
    if any(_fits(column.form, form) for form in usual):
        return True
    # a few values of a text may look like numbers or dates, and so may all of a short file
    text_alone = set(forms) == {ColumnType.STRING} and len(forms) >= _FILES
    return ColumnType.STRING in usual and not (text_alone and rows - column.nulls >= _VALUES)


def _fits(now: str, then: str) -> bool:
    """Whether values of one form are values of the other, too."""
    (type_now, _, mark_now), (type_then, _, mark_then) = now.partition(" "), then.partition(" ")
    agreed = mark_now == mark_then or not (mark_now and mark_then)  # what was not seen contradicts nothing
    if now_width := _width(type_now):
        return agreed and now_width <= _width(type_then)
    return agreed and type_now == type_then


def _width(type_: str) -> int:
    """Of numbers: how many kinds of them the type has; 0 for other types."""
    return 1 + _WIDTH[ColumnType(type_)] if type_ in _WIDTH else 0
