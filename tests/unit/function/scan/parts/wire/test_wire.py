"""What is sent from one function to another arrives as it was."""

import dataclasses
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given

from function.domain.errors import DefectError, FileError
from function.scan.parts import wire
from function.scan.parts.model import Merged, Part, Plan
from function.scan.parts.wire.columns import NAMES, tally_document, tally_of
from function.scan.profile import large
from function.scan.profile.distinct import FULL, Hashes, Sketch, no_hashes
from function.scan.profile.summary import ColumnSummary
from function.scan.profile.tally import Tally
from tests.unit.support.part_values import MERGED, PARTS, PLANS


def sent(document: dict[str, Any], hashes: "Hashes | None" = None) -> tuple[dict[str, Any], Hashes]:
    """What arrives, where the store keeps the bytes."""
    return wire.unpack(wire.pack(document, hashes or no_hashes()))


def told(error: FileError | None) -> tuple[Any, ...] | None:
    """What an error says: errors are equal to nothing but themselves."""
    return None if error is None else (error.code, error.message, error.line, error.column, error.unquoted)


@given(PLANS)
def test_a_plan_arrives_as_it_was(plan: Plan) -> None:
    assert wire.plan_of(sent(wire.plan_document(plan))[0]) == plan


@given(PARTS)
def test_a_part_arrives_as_it_was(part: Part) -> None:
    arrived = wire.part_of(*sent(*wire.part_document(part)))
    assert told(arrived.error) == told(part.error)
    assert dataclasses.replace(arrived, error=part.error) == part


@given(MERGED)
def test_a_merged_scan_arrives_as_it_was(merged: Merged) -> None:
    arrived = wire.merged_of(*sent(*wire.merged_document(merged)))
    assert told(arrived.scan.error) == told(merged.scan.error)
    assert dataclasses.replace(arrived.scan, error=merged.scan.error) == merged.scan


def test_kinds_have_names_of_their_own() -> None:
    assert len({*NAMES.values()}) == len(NAMES)


def test_a_kind_that_is_not_known_is_a_defect_and_not_left_out() -> None:
    document, hashes = sent(*tally_document(Tally(columns=(ColumnSummary(values=1),))))
    document["columns"][0]["kinds"]["integer 1_234"] = None
    with pytest.raises(DefectError, match="another version of the function.*'integer 1_234'"):
        tally_of(document, hashes)


def test_a_full_sketch_takes_eight_bytes_a_hash() -> None:
    full = Sketch.of(range(FULL - 1024, FULL), 1024)
    column = ColumnSummary(1024, distinct=full, kinds={})
    empty = wire.pack(*tally_document(Tally(columns=(ColumnSummary(1024, kinds={}),))))
    assert len(wire.pack(*tally_document(Tally(columns=(column,))))) <= len(empty) + 8 * 1024 + 3


def test_texts_have_the_same_hash_in_each_process() -> None:
    texts = ["", "a", "1,5", "ä", "日本", "long " * 100]
    program = f"from function.scan.profile import large; print(list(large.hashes({texts!r})))"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(other.stdout) == list(large.hashes(texts))
