"""Results to make messages of."""

from dataclasses import replace

from function.domain import report
from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import CsvWarning, Finding, Sample
from function.domain.message import message
from function.domain.model import CsvObject, Document
from tests.support.examples import OBJECT, PROFILE, SCAN, STAMPED, TIMING, TO

QUOTE = CsvWarning(Finding.UNCLOSED_QUOTE, 12, "A quote opens and is never closed; csv-quote=none", 7)
BYTES = CsvWarning(Finding.REPLACED_BYTES, 1, "Bytes were replaced; csv-encoding=cp1252")
RAGGED = FileError(ErrorCode.RAGGED_ROWS, "5 fields where the header has 4", line=17)


def document(scan: Scan = SCAN, obj: CsvObject = OBJECT) -> Document:
    return report.document(obj, scan, STAMPED, TO, TIMING)


def failed(error: FileError = RAGGED, *samples: Sample) -> Scan:
    return replace(SCAN, error=error, profile=replace(PROFILE, samples=samples))


def doubtful(*warnings: CsvWarning) -> Scan:
    return replace(SCAN, profile=replace(PROFILE, warnings=warnings))


def series(*messages: str) -> Document:
    remarks = [{"code": "columns_gone", "message": each, "columns": []} for each in messages]
    return {"name": "reports/data-#.csv", "compared_with": 20, "remarks": remarks}


def lines(result: Document, label: str) -> list[str]:
    return [line for line in message(result).body.splitlines() if line.startswith(label)]
