"""Text formats without a table, recognised by their first words or by the form of every line.

Such a file is refused rather than counted as one column. Text that is only unlikely to be a table gets the
warning `free_text` instead.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

_STRONG = (  # no table begins so
    (r"BEGIN:VCARD\b", "a vCard"),
    (r"BEGIN:VCALENDAR\b", "a calendar (iCalendar)"),
    (r"(?:version: ?\d+\s+)?(?:#.*\n)*dn::? ?\w+=", "a directory export (LDIF)"),
    (r"begin(?:-base64)? [0-7]{3,4} \S", "uuencoded data, which must be decoded first"),
    (r"\(?(?:lp|dp|\(lp|\(dp)\d+\r?\n", "a Python pickle"),
    (r"(?:%[^\n]*\n\s*+)*+@relation\s", "an ARFF file: export it as CSV"),
    (r"[>;][^\n]*\n(?:[A-Za-z*-]{20,}\r?\n)+", "a sequence file (FASTA)"),
    (r"!(?:Type|Account|Option):", "a Quicken file (QIF): export it as CSV"),
    (r"OFXHEADER:", "an OFX statement: export it as CSV"),
    (r":\d\d[A-Z]?:\S.*\r?\n:\d\d[A-Z]?:", "a bank statement in MT940: export it as CSV"),
    (r"0 HEAD\s+1 ", "a GEDCOM file"),
    (r"TY {2}- ", "a list of references (RIS)"),
    (r"@\w+\{[^,\n]*,\s*\n", "a list of references (BibTeX)"),
    (r"\\(?:documentclass|usepackage|begin)\b", "LaTeX"),
    (r"(?:MSH\|\^~\\&|ISA\*\d\d\*|UN[AB][:+])", "an EDI message"),
    (r"Traceback \(most recent call last\):", "a traceback"),
    (r"(?:diff --git |--- \S.*\n\+\+\+ \S)", "a patch"),
    (r"#!\s*/", "a script"),
    (r"(?:<\d+>)?(?:\S+ +)*CEF:\d\|", "a log (CEF)"),
    (r"data:[\w.+-]+/[\w.+-]+[;,]", "a data URL, which must be decoded first"),
)
_COMMENTED = r"(?:\s|--[^\n]*(?:\n|\Z)|/\*(?:(?!\*/).)*\*/)*+"
_SQL = (
    r"(?:create|drop|alter)\s+(?:or\s+replace\s+)?(?:table|database|schema|view|index|type|function|sequence)\s"
    r"|insert\s+into\s+\S+\s*(?:\(|values|select)|set\s+\w+\s*=|copy\s+\S+\s*\([^)]*\)\s+from\s+stdin"
    r"|pragma\s+\w+|use\s+\S+\s*(?:;|\n\s*go\b)|select\s.*\sfrom\s.*;|update\s+\S+\s+set\s|delete\s+from\s|(?:begin|commit)(?:\s+transaction)?\s*;"
)
_STARTS = (
    *((re.compile(rf"\s*+{pattern}"), name) for pattern, name in _STRONG),
    (re.compile(f"{_COMMENTED}(?:{_SQL})", re.IGNORECASE | re.DOTALL), "SQL"),
)
_SECTION = re.compile(r"\[[^\]\n]+\]")
_SETTING = re.compile(r"[\w.\" -]+ ?[=:].*|[\w.-]+")
_KEY = re.compile(r" *(?:- +)*+(?:[\w./-]+(?: [\w./-]+)*|\"[^\"]*\") ?:(?: .*)?| *- .*| *-")
_OPENS = re.compile(r"[^:]+:")
_LEVEL = r"\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|FATAL|CRITICAL)\b"
_PROGRAM = r"\[[^\]]*\] |[\w.-]+ [\w./()-]+(?:\[\d+\])?: "
_LOGGED = re.compile(
    r"\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?"
    r"|\d\d:\d\d:\d\d[.,]\d{3}"
    rf"|[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d)\]?:? +(?:{_LEVEL}|{_PROGRAM})"
    r"|\[\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?\] "
)
_PAIRS = re.compile(r"(?:[\w.-]+=(?:\"(?:[^\"\\]|\\.)*+\"|[^\s\"]*+)(?: +|$)){2,}")
_HEX = re.compile(r"[0-9a-fA-F]{6,8}:?(?: {1,3}[0-9a-fA-F]{2,4})+(?: {2}.*)?")
_MESSAGE = re.compile(
    r"(?:\w+: )?(?:fatal |internal )?(?:error|exception|fatal)(?: at [\w ]+)?:", re.IGNORECASE
)
FEW = 5  # lines that an error message has at most
PART = 0.8  # of the lines are of a log


def begins(text: str) -> str | None:
    """The format, with its article, by the first words; None if the text may be a table."""
    return next((name for pattern, name in _STARTS if pattern.match(text)), None)


def consists(text: str, *, whole: bool) -> str | None:
    """The format, with its article, by the form of all lines; None if the text may be a table.

    Args:
        text: the start of it.
        whole: whether it is all of it; else the last line may be cut.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    lines = [line for line in (lines if whole else lines[:-1]) if line.strip()]
    if not lines:
        return None
    if whole and len(lines) <= FEW and _MESSAGE.match(lines[0]) and _has_no_mark(lines):
        return "an error message"
    return next((name for name, is_it in _LINES.items() if len(lines) > 1 and is_it(lines)), None)


def _has_no_mark(lines: Sequence[str]) -> bool:
    return not any(mark in line for line in lines for mark in ";\t|")


def _is_settings(lines: Sequence[str]) -> bool:
    """Sections in brackets, and nothing but settings in them."""
    kept = [line.strip() for line in lines if not line.lstrip().startswith(("#", ";"))]
    sections = sum(_SECTION.fullmatch(line) is not None for line in kept)
    settings = sum(_SETTING.fullmatch(line) is not None for line in kept)
    return (
        kept != [] and bool(_SECTION.fullmatch(kept[0])) and settings > 0 and sections + settings == len(kept)
    )


def _is_yaml(lines: Sequence[str]) -> bool:
    """Keys with something indented, or a list, below one of them."""
    kept = [line.rstrip() for line in lines if not line.lstrip().startswith("#")]
    marked = kept[:1] == ["---"]
    kept = [line for line in kept if line not in ("---", "...")]
    if len(kept) < 2 or not all(map(_KEY.fullmatch, kept)):
        return False
    return marked or any(_holds(above, below) for above, below in pairwise(kept))


def _holds(above: str, below: str) -> bool:
    """Whether a line belongs to the key, or the list item, in the line above."""
    item = below.lstrip().startswith("- ")
    opens = bool(_OPENS.fullmatch(above)) or above.startswith("- ")
    return opens and _depth(below) > _depth(above) - item


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_log(lines: Sequence[str]) -> bool:
    """Most lines start with a time, followed by a level or the name of a program."""
    if not _LOGGED.match(lines[0]) or sum(map(bool, map(_LOGGED.match, lines))) < PART * len(lines):
        return False
    least = {",": 2} | dict.fromkeys(";\t|", 1)  # a comma may stand before the fraction of a second
    counts = {mark: {line.count(mark) for line in lines} for mark in least}
    return not any(len(counts[mark]) == 1 and max(counts[mark]) >= least[mark] for mark in least)


def _is_hex(lines: Sequence[str]) -> bool:
    return all(map(_HEX.fullmatch, lines))


_LINES: dict[str, Callable[[Sequence[str]], bool]] = {
    "a settings file (INI or TOML)": _is_settings,
    "YAML": _is_yaml,
    "a log": _is_log,
    "a log of keys and values": lambda lines: all(map(_PAIRS.fullmatch, lines)),
    "a hexadecimal dump": _is_hex,
}
