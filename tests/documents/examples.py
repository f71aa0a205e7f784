"""Five files, each as it is really read, for the messages and pictures of the documents."""

import itertools
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from function.domain import keys, report
from function.domain.expectations import assess
from function.domain.model import CsvObject, Document
from function.domain.report import Destinations, Timing
from function.domain.series.summary import columns
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


def _document(
    content: bytes,
    options: Options = Options(),  # noqa: B008 (it is frozen)
    past: Sequence[Sequence[Any]] = (),
    contract: Document | None = None,
) -> Document:
    obj = CsvObject(
        "acme-data-input",
        "orders/2025-09-02.csv",
        "3HL4kqtJlcpXroDTDmJrmSpXd3dIbrHY",
        "",
        len(content),
        _UPLOADED,
    )
    found = assess(obj, scan([content], options), past, contract)
    finished = _UPLOADED + timedelta(milliseconds=420)
    timing = Timing(
        _UPLOADED + timedelta(milliseconds=300), _UPLOADED + timedelta(milliseconds=320), finished, 12
    )
    stamped = keys.stamped_name(obj.key, _UPLOADED)
    return report.document(obj, found.scan, stamped, _TO, timing, parts=found.parts)


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
    typed = {"order": "integer", "ordered": "date", "delivered": "date", "amount": "number"}
    names = [*_HEADER.decode().strip().split(","), "currency"]
    fields: list[Document] = [{"name": name, "type": typed.get(name, "string")} for name in names]
    for field in fields:
        if field["name"] == "delivered":
            field["constraints"] = {"required": True}
    schema = {"fields": fields, "rows": {"minimum": 5000}}
    agreed = {"prefix": "orders/", "version": 2, "schema": schema}
    return _document(_HEADER + _orders(1200), contract=agreed)


def series() -> Document:
    """A file that differs from those before it."""
    before = _HEADER.replace(b"note", b"currency") + _orders(5000).replace(b"gift", b"EUR")
    found = scan([before])
    assert found.profile
    kept = columns(found.profile)
    past = [
        (
            f"orders/2025-08-{day:02}.csv",
            f"2025-08-{day:02}T14:30:00+00:00",
            rows,
            rows * 60,
            f"{day:064x}",
            kept,
        )
        for day, rows in zip(range(31, 11, -1), itertools.cycle([4810, 5230, 5050, 4960]), strict=False)
    ]
    return _document(_HEADER + _orders(1200), past=past)


EXAMPLES: Final[Mapping[str, Document]] = {
    each.__name__: each() for each in (success, doubt, failure, contract, series)
}
"""The results by name."""
