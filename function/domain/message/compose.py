"""The message: a subject that says how it went, and a body in the order in which people ask.

One file, one message. Its reader may never have heard of this system: the first sentence says what happened
and whether action is needed, and every line after it has a label.
"""

from collections.abc import Iterator

from function.domain import warnings_text
from function.domain.message.digest import digest
from function.domain.message.findings import lines_at_fault, title
from function.domain.message.next_steps import next_steps
from function.domain.message.text import ascii_line, count, moment, plain, short
from function.domain.model import Document, Message

_SUBJECT_CHARACTERS = 100  # API reference of SNS Publish: at most 100, ASCII, no line breaks
# SNS takes 262,144 bytes; people read less
_COLUMNS_NAMED = 20
_NAME_CHARACTERS = 60
_REASON_CHARACTERS = 2000
_LINES_NAMED = 3
_ENTRIES_NAMED = 10
_LABEL = 11
_BREACHES_IN_ERROR = 5
_UNLIKE_SERIES = "unlike_series"

Line = tuple[str, str]
"""A label, and what is said under it; a heading has no label."""


def message(result: Document) -> Message:
    """The notification for a result."""
    sections = (
        _file(result),
        _verdict(result),
        _contract(result),
        _series(result),
        _places(result),
        _commands(result),
    )
    texts = ["\n".join(map(_line, lines)) for section in sections if (lines := list(section))]
    return Message(
        subject=_subject(result),
        body="\n\n".join([plain(_opening(result)), *texts]),
        attributes={"status": result["status"], "bucket": result["source"]["bucket"]},
    )


def _line(line: Line) -> str:
    label, text = line
    return f"{label:<{_LABEL}}{plain(text)}" if label else plain(text)


def _subject(result: Document) -> str:
    """Verdict, rows, doubts, and the file's name, shortened to what is left of the line."""
    doubts, csv, error = warnings_text.number(result), result["csv"], result["error"]
    rows = count(csv["rows"], "row") if csv else ""
    if error:
        parts = [f"CSV failed ({error['code']})", rows, doubts]
    else:
        parts = [f"CSV succeeded{f' with {doubts}' if doubts else ''}", rows]
    if remarks := _remarks(result):
        parts.append(count(len(remarks), "change"))
    begin = f"{', '.join(filter(None, parts))}: "
    return begin + ascii_line(_name(result), _SUBJECT_CHARACTERS - len(begin))


def _opening(result: Document) -> str:
    """What happened, and whether action is needed."""
    name, csv = short(_name(result), 4 * _NAME_CHARACTERS), result["csv"]
    if result["error"]:
        return f"{name} was not accepted. The error below says why, and what to do."
    counted = (
        f"{name} was read completely: {count(csv['rows'], 'row')} in {count(len(csv['columns']), 'column')}."
    )
    if doubts := len(csv["warnings"]):
        reasons = "is 1 reason" if doubts == 1 else f"are {doubts} reasons"
        return f"{counted} There {reasons} to doubt the count or a type: check the points below."
    if _remarks(result):
        return f"{counted} It differs from the files before it: check the points below."
    return f"{counted} No action is needed."


def _file(result: Document) -> Iterator[Line]:
    source = result["source"]
    yield "File", f"s3://{source['bucket']}/{source['key']}"
    yield "Uploaded", f"{moment(source['uploaded_at'])}, {count(source['size_bytes'], 'byte')}"
    if duplicate := source["identical_to"]:
        yield "Same bytes", f"as {duplicate['key']}, uploaded {moment(duplicate['uploaded_at'])}"


def _verdict(result: Document) -> Iterator[Line]:
    error, csv = result["error"], result["csv"]
    yield "Status", result["status"]
    if error:
        place = f"line {error['line']}: " if error["line"] else ""
        yield "Error", f"{error['code']}: {place}{short(error['message'], _REASON_CHARACTERS)}"
        yield from (("At fault", text) for text in _at_fault(result))
    if csv:
        records = csv["records"]
        rejected, blank = count(records["rejected"], "record"), count(records["blank"], "blank line")
        yield "Rows", f"{csv['rows']:,}; {rejected} rejected, {blank}"
        yield from (("Doubt", text) for text in warnings_text.lines(result))
        yield _columns(csv)


def _at_fault(result: Document) -> Iterator[str]:
    """The first lines at fault: what is wrong, and how the line begins, where excerpts are kept."""
    lines = lines_at_fault(result)
    for each in lines[:_LINES_NAMED]:
        excerpt = each.get("excerpt")
        yield f"line {each['line']}, {title(each['finding'])}{f': {excerpt}' if excerpt else ''}"
    if (more := len(lines) - _LINES_NAMED) > 0:
        yield f"and {more} more, in csv.samples of the result"


def _columns(csv: Document) -> Line:
    columns = csv["columns"]
    named = ", ".join(
        f"{short(column['name'], _NAME_CHARACTERS)} ({column['type']})" for column in columns[:_COLUMNS_NAMED]
    )
    more = f" and {len(columns) - _COLUMNS_NAMED:,} more" if len(columns) > _COLUMNS_NAMED else ""
    return "Columns", f"{len(columns):,}: {named}{more}"


def _contract(result: Document) -> Iterator[Line]:
    """What the file has against its contract, if that is more than the error has room for."""
    contract = result.get("contract") or {"breach_count": 0}
    if contract["breach_count"] > _BREACHES_IN_ERROR:
        yield "", f"Against the contract for {contract['prefix']!r}, version {contract['version']}:"
        yield from _entries("Breach", contract["breaches"], contract["breach_count"], "contract.breaches")


def _series(result: Document) -> Iterator[Line]:
    """How the file differs from those before it in its series; not if that is its error, which says it."""
    remarks = _remarks(result)
    if remarks and not (result["error"] and result["error"]["code"] == _UNLIKE_SERIES):
        series = result["series"]
        earlier = count(series["compared_with"], "file")
        yield "", f"Compared with the last {earlier} of its series, {series['name']}:"
        yield from _entries("Change", remarks, len(remarks), "series.remarks")


def _entries(label: str, entries: list[Document], number: int, place: str) -> Iterator[Line]:
    """The messages of the first entries, and how many more there are."""
    named = entries[:_ENTRIES_NAMED]
    yield from ((label, short(each["message"], _REASON_CHARACTERS)) for each in named)
    if (more := number - len(named)) > 0:
        yield label, f"and {more:,} more, in {place} of the result"


def _remarks(result: Document) -> list[Document]:
    return list((result.get("series") or {"remarks": []})["remarks"])


def _places(result: Document) -> Iterator[Line]:
    yield "", "Where everything is:"
    for label, part in (("Page", "report"), ("Result", "output"), ("Backup", "backup")):
        if place := result.get(part):
            yield label, f"s3://{place['bucket']}/{place['key']}"
    yield "Version", result["source"]["version_id"]
    yield "SHA-256", digest(result["source"]) or "unknown"


def _commands(result: Document) -> Iterator[Line]:
    yield "", "Commands, from a checkout of the pipeline:"
    for step in next_steps(result):
        yield "", f"  {step.command}"
        yield "", f"      {step.purpose}"


def _name(result: Document) -> str:
    return str(result["source"]["key"].rpartition("/")[2])
