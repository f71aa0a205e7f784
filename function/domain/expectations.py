"""Whether a file that could be read is what it should be: by its contract, and by its series. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from function.domain import keys
from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.model import CsvObject, Document
from function.domain.series.compare import compare
from function.domain.series.name import series_name
from function.domain.series.remarks import Remark
from function.domain.series.summary import ColumnSummary, FileSummary, columns


@dataclass(frozen=True, slots=True)
class Assessment:
    """A scan beside what was expected of it.

    Attributes:
        scan: with the reason why the file fails, if it is a breach, or a remark that is fatal.
        parts: `contract` and `series` of result.json.
        summary: what the row keeps for later files of the series; None if the file fails.
    """

    scan: Scan
    parts: Document
    summary: list[list[Any]] | None


def assess(
    obj: CsvObject, scan: Scan, past: Sequence[Sequence[Any]], contract: Document | None
) -> Assessment:
    """Hold a scan against contract and series; one that has failed already is left as it is.

    Args:
        obj: the file.
        scan: what was read.
        past: the earlier files of its series, the latest first; see `FileSummary.read`.
        contract: {"prefix", "version", "schema"}, if there is one for its key.
    """
    scan, agreed = _agreed(scan, contract)
    name = scan.options.series or series_name(keys.storable(obj.key))
    if scan.error or not scan.profile:
        return Assessment(scan, {"contract": agreed, "series": _series(name, 0, ())}, None)
    kept = columns(scan.profile)
    earlier = [FileSummary.read(each) for each in past]
    uploaded_at = obj.uploaded_at.astimezone(UTC).isoformat()
    summaries = tuple(ColumnSummary(*column) for column in kept)
    digest = scan.parts.root if scan.parts else scan.sha256
    now = FileSummary(obj.key, uploaded_at, scan.profile.rows, obj.size, digest, summaries)
    remarks = compare(now, earlier)
    if remarks and scan.options.remarks_fail:
        scan = replace(scan, error=_unlike(remarks))
    parts = {"contract": agreed, "series": _series(name, len(earlier), remarks)}
    return Assessment(scan, parts, None if scan.error else kept)


def _agreed(scan: Scan, contract: Document | None) -> tuple[Scan, Document | None]:
    """The scan with a breach as its error, and the `contract` part of result.json."""
    if contract is None:
        return scan, None
    # only now: most stacks have no contract, and init is waited for
    from function.domain.contract import breaches  # noqa: PLC0415
    from function.domain.contract.check import check  # noqa: PLC0415
    from function.domain.contract.schema import Contract  # noqa: PLC0415

    found = () if scan.error else check(Contract.read(contract["schema"]), scan)
    if found:
        message = breaches.verdict(found, contract["prefix"], contract["version"])
        scan = replace(scan, error=FileError(ErrorCode.CONTRACT, message))
    listed = [breach.document() for breach in found[: breaches.MOST]]
    part = {"prefix": contract["prefix"], "version": contract["version"], "breaches": listed}
    return scan, {**part, "breach_count": len(found)}


def _unlike(remarks: Sequence[Remark]) -> FileError:
    number = f"{len(remarks)} thing{'s' if len(remarks) > 1 else ''}"
    message = (
        f"{number} unlike the earlier files of its series: {' '.join(remark.message for remark in remarks)}"
        " If all is right nevertheless, tag the object csv-series-remarks=warn and replay it."
    )
    return FileError(ErrorCode.UNLIKE_SERIES, message)


def _series(name: str, compared_with: int, remarks: Sequence[Remark]) -> Document:
    return {
        "name": name,
        "compared_with": compared_with,
        "remarks": [remark.document() for remark in remarks],
    }
