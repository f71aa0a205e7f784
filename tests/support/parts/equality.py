"""Whether a file that was read in parts is the same as one that was read in one piece."""

import hashlib
import json
from typing import Any

from function.domain.content import Scan
from function.domain.csv_document import csv_document
from function.domain.instructions import Options
from function.scan import scan
from tests.support.parts.in_parts import InParts, in_parts

Facts = dict[str, Any]


def facts(found: Scan) -> Facts:
    """All that a scan says of its file, but for what proves its bytes."""
    error, profile, values = found.error, found.profile, found.values
    columns = enumerate(profile.columns if profile else ())
    return {
        "error": None
        if error is None
        else (error.code, error.message, error.line, error.column, error.unquoted),
        "size": found.size,
        "options": found.options,
        "outside": values and [values.outside(at, [column.min or "", "1"]) for at, column in columns],
        "text": profile and json.dumps(csv_document(profile)),
        **({name: getattr(profile, name) for name in type(profile).__slots__} if profile else {}),
    }


def root(data: bytes, part_bytes: int) -> str:
    """What proves the bytes of an object that was read in parts."""
    starts = range(0, len(data), part_bytes)
    digests = (hashlib.sha256(data[start : start + part_bytes]).digest() for start in starts)
    return hashlib.sha256(b"".join(digests)).hexdigest()


def differences(whole: Facts, found: InParts, data: bytes, part_bytes: int) -> Facts:
    """What is not as it should be: by name, as it is in one piece and in parts."""
    if found.scan is None:
        return {}
    own, parts = facts(found.scan), found.scan.parts
    differing = {
        name: (whole.get(name), own.get(name)) for name in whole | own if whole.get(name) != own.get(name)
    }
    if (
        found.scan.sha256
        or parts is None
        or (parts.part_bytes, parts.root) != (part_bytes, root(data, part_bytes))
    ):
        differing["parts"] = (part_bytes, parts)
    return differing


def check(data: bytes, part_bytes: int, options: Options, portion: int = 1 << 20) -> InParts:
    """Read data in parts; it must be the same as in one piece, or said to be not sure."""
    found = in_parts(data, part_bytes, options, portion)
    if found.scan:
        differing = differences(facts(scan([data], options)), found, data, part_bytes)
        assert not differing, f"{part_bytes} bytes a part: {differing}\n{data!r}"
    return found
