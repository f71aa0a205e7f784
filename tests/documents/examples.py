"""Five files, each as it is really read, for the messages and pictures of the documents."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from function.domain import keys, report
from function.domain.errors import FileError
from function.domain.model import CsvObject, Document
from function.domain.report import Destinations, Timing
from function.scan import Options, scan

_UPLOADED = datetime(2025, 9, 2, 14, 30, 0, 123000, UTC)
_TO = Destinations("acme-data-output", "acme-data-backup")
_HEADER = b"order,customer,country,ordered,delivered,amount,note\n"


def _orders(rows: int) -> bytes:
    """Orders, the same each time."""
    chance = random.Random(7)
    lines = []
    for number in range(10_001, 10_001 + rows):
        ordered = datetime(2025, 8, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(700))
        delivered = ordered + timedelta(days=chance.randrange(1, 9))
        lines.append(
            f"{number},{chance.choice(_CUSTOMERS)},{chance.choice(_COUNTRIES)},{ordered:%Y-%m-%d},"
            f"{'' if chance.random() < 0.2 else format(delivered, '%Y-%m-%d')},"
            f"{chance.randrange(500, 90_000) / 100:.2f},{chance.choice(_NOTES)}\n"
        )
    return "".join(lines).encode()


_CUSTOMERS = ("Ada Lovelace", "Zoë Washburne", "Grace Hopper", "José Rizal", "María Goyri", "Li Wei")
_COUNTRIES = ("DE", "FR", "ES", "PT", "IE", "NL")
_NOTES = ("", "", "", "gift", "call first")


def _document(content: bytes, options: Options = Options(), error: FileError | None = None) -> Document:  # noqa: B008 (it is frozen)
    obj = CsvObject(
        "acme-data-input",
        "orders/2025-09-02.csv",
        "3HL4kqtJlcpXroDTDmJrmSpXd3dIbrHY",
        "",
        len(content),
        _UPLOADED,
    )
    found = scan([content], options)
    found = replace(found, error=error or found.error)
    finished = _UPLOADED + timedelta(milliseconds=420)
    timing = Timing(
        _UPLOADED + timedelta(milliseconds=300), _UPLOADED + timedelta(milliseconds=320), finished, 12
    )
    return report.document(obj, found, keys.stamped_name(obj.key, _UPLOADED), _TO, timing)


def success() -> Document:
    """A file without a doubt."""
    return _document(_HEADER + _orders(1200))


def doubt() -> Document:
    """Two exports joined, and a total."""
    half = _orders(600)
    return _document(_HEADER + half + _HEADER + half + b"Total,,,,,482113.50,\n")


def failure() -> Document:
    """Rows with too few and too many fields, and a quote within a field."""
    lines = _orders(1200).splitlines(keepends=True)
    lines[117] = lines[117].rpartition(b",")[0].rpartition(b",")[0] + b"\n"
    lines[402] = lines[402].replace(b",gift", b"").rstrip(b"\n") + b",urgent,fragile\n"
    lines[806] = b'10807,Grace Hopper,IE,2025-08-14,2025-08-19,31.50,"5" pipe"\n'
    return _document(_HEADER + b"".join(lines), Options(max_rejected=1))


def contract() -> Document:
    """A file that is well formed, and not what was agreed."""
    breaches = [
        "1,200 rows, and at least 5,000 are required",
        "the field 'currency' is missing",
        "'delivered' is required, and 240 of its values are empty",
    ]
    message = (
        f"3 breaches of the contract for 'orders/' (version 2): {'; '.join(breaches)}."
        " Correct the file, or change the contract: pipeline contract put"
    )
    error = {"code": "contract", "message": message, "line": None, "column": None}
    listed = [{"code": "rows", "field": None, "message": each} for each in breaches]
    part = {"prefix": "orders/", "version": 2, "breaches": listed, "breach_count": 3}
    return {**_failed(success(), error), "contract": part}


def series() -> Document:
    """A file that differs from those before it."""
    remarks = [
        "Columns gone: 'currency'.",
        "New columns: 'note'.",
        "1,200 rows, where the earlier files have 4,810 to 5,230.",
    ]
    listed = [{"code": "columns_gone", "message": each, "columns": []} for each in remarks]
    part = {"name": "orders/#-#-#.csv", "compared_with": 20, "remarks": listed}
    return {**_paged(success()), "series": part}


def _failed(result: Document, error: Document) -> Document:
    return {**_paged(result), "status": "failed", "error": error}


def _paged(result: Document) -> Document:
    page = {**result["output"], "key": result["output"]["key"].replace("result.json", "report.html")}
    return {**result, "report": page}


EXAMPLES: Final[Mapping[str, Document]] = {
    each.__name__: each() for each in (success, doubt, failure, contract, series)
}
"""The results by name."""
