"""Any value that travels between the functions that read parts: not what a file gives, but what the types allow."""

import dataclasses
from collections import Counter
from types import EllipsisType
from typing import Any

from hypothesis import strategies as st

from function.domain.content import Column, Dialect, PartsDigest, Profile, RecordCounts, Reject, Scan, Use
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import CsvWarning, Finding, Sample
from function.domain.instructions import Options
from function.scan.head import Head
from function.scan.layout.layout import Layout
from function.scan.parts.model import Merged, Part, Plan, TextOfPart
from function.scan.profile import large
from function.scan.profile.distinct import FULL, DistinctValues, Sketch
from function.scan.profile.kinds.preference import RANK
from function.scan.profile.summary import ColumnSummary
from function.scan.profile.tally import Tally
from function.scan.records.ledger import Ledger
from function.scan.syntax.grammar import Grammar

TEXTS = st.text(st.characters(), max_size=8)  # half characters and zeros among them
COUNTS = st.integers(0, 2**60)


def every(cls: type, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a dataclass, those fields included that have a default."""
    texts: dict[Any, st.SearchStrategy[Any] | EllipsisType] = {str: TEXTS, str | None: st.none() | TEXTS}
    fields = {field.name: texts.get(field.type, ...) for field in dataclasses.fields(cls)}
    return st.builds(cls, **{**fields, **known})


def few(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


def counts(keys: type) -> st.SearchStrategy[dict[Any, int]]:
    return st.dictionaries(st.sampled_from(list(keys)), COUNTS, max_size=4)  # type: ignore[call-overload]


OPTIONS = every(Options)
ERRORS = st.none() | st.builds(
    FileError,
    st.sampled_from(ErrorCode),
    TEXTS,
    line=st.none() | COUNTS,
    column=st.none() | COUNTS,
    unquoted=st.none() | TEXTS,
)
SAMPLES = every(Sample)
LEDGERS = every(
    Ledger,
    lines=counts(Use),
    found=counts(Finding),
    samples=few(SAMPLES),
    widths=st.dictionaries(st.tuples(st.sampled_from(Use), COUNTS), COUNTS, max_size=4),
)
SKETCHES = st.builds(
    Sketch.of,
    st.sets(st.integers(0, FULL), max_size=20),
    st.integers(20, 1024),
)
RANGES = st.none() | st.tuples(TEXTS, TEXTS)
COLUMNS = every(
    ColumnSummary,
    text=RANGES,
    distinct=SKETCHES,
    kinds=st.dictionaries(st.sampled_from(list(RANK)), RANGES, max_size=4),
)
TALLIES = every(Tally, ledger=LEDGERS, columns=few(COLUMNS))
DIALECTS = every(Dialect, header_confidence=st.floats(0.5, 1))
LAYOUTS = every(
    Layout,
    grammar=every(Grammar),
    lines=counts(Use).map(Counter),
    names=st.none() | few(TEXTS),
    confidence=st.floats(0.5, 1),
    doubts=few(SAMPLES),
)
PLANS = every(Plan, options=OPTIONS, head=every(Head, layout=LAYOUTS, dialect=DIALECTS, names=few(TEXTS)))
PARTS = every(
    Part,
    digest=st.binary(min_size=32, max_size=32),
    tally=TALLIES,
    text=every(TextOfPart, found=counts(Finding), first=counts(Finding)),
    error=ERRORS,
)
PROFILES = every(
    Profile,
    columns=few(every(Column)),
    dialect=DIALECTS,
    records=every(RecordCounts, lines=counts(Use)),
    rejects=few(every(Reject)),
    findings=counts(Finding),
    samples=few(SAMPLES),
    warnings=few(every(CsvWarning)),
)
MERGED = st.builds(
    Merged,
    every(
        Scan,
        sha256=st.none(),
        profile=st.none() | PROFILES,
        error=ERRORS,
        options=OPTIONS,
        values=st.none() | st.builds(DistinctValues, st.lists(SKETCHES, max_size=3), st.just(large.hashes)),
        parts=st.none() | every(PartsDigest),
        began_at=st.none(),  # the plan's, not the merge's
    ),
)
