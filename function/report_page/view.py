"""What the page shows, in its order; the template only lays it out."""

from typing import Any

from function.domain.message import text
from function.domain.message.digest import digest
from function.domain.message.next_steps import next_steps
from function.domain.model import Document
from function.report_page.columns import column_table
from function.report_page.doubts import doubts
from function.report_page.lines import ledger

_NAMED = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "pipe",
    " ": "space",
    ":": "colon",
    '"': "double quote",
    "'": "single quote",
    "\\": "backslash",
    "\n": "LF",
    "\r\n": "CRLF",
    "\r": "CR",
}
"""Signs that are hard to see, or to tell apart."""

Facts = list[tuple[str, str]]
"""Labels, and what is said under each."""


def view(result: Document) -> dict[str, Any]:
    """The variables of the template."""
    csv = result["csv"]
    return {
        "name": result["source"]["key"].rpartition("/")[2] or result["source"]["key"],
        "verdict": _verdict(result),
        "error": result["error"],
        "figures": _figures(result),
        "contract": result.get("contract"),
        "series": result.get("series"),
        "doubts": doubts(result),
        "columns": column_table(csv) if csv else None,
        "ledger": ledger(csv) if csv else None,
        "dialect": _dialect(csv["dialect"]) if csv else [],
        "places": _places(result),
        "identity": _identity(result),
        "steps": next_steps(result),
    }


def _verdict(result: Document) -> dict[str, str]:
    """How it went, in one word for the style and in one sentence for people."""
    if error := result["error"]:
        return {"state": "failed", "word": "Failed", "sentence": f"Not accepted: {error['code']}"}
    if number := len(result["csv"]["warnings"]):
        noun = text.count(number, "reason")
        return {
            "state": "doubtful",
            "word": "Succeeded with doubts",
            "sentence": f"Counted, with {noun} to doubt it",
        }
    return {"state": "good", "word": "Succeeded", "sentence": "Counted, without a doubt"}


def _figures(result: Document) -> Facts:
    csv, source, timing = result["csv"], result["source"], result.get("timing")
    figures = []
    if csv:
        figures += [("Rows", f"{csv['rows']:,}"), ("Columns", f"{len(csv['columns']):,}")]
        figures.append(("Lines", f"{csv['records']['physical_lines']:,}"))
    figures.append(("Bytes", f"{source['size_bytes']:,}"))
    if timing:
        figures.append(("Scan", f"{timing['scan_ms']:,} ms"))
    return figures


def _dialect(dialect: Document) -> Facts:
    facts = {
        "Delimiter": _sign(dialect["delimiter"]),
        "Quote": _sign(dialect["quote"]),
        "Escape": _sign(dialect["escape"]),
        "Encoding": dialect["encoding"],
        "Compression": dialect["compression"] or "none",
        "Line end": _sign(dialect["line_ending"]),
        "Header": f"{'yes' if dialect['header'] else 'no'}, {dialect['header_confidence']:.0%} sure",
        "Lines above the table": f"{dialect['preamble_lines']:,}",
    }
    return list(facts.items())


def _sign(sign: str | None) -> str:
    if sign is None:
        return "none"
    name = _NAMED.get(sign)
    return name if name and not sign.isprintable() else f"{sign}  ({name})" if name else sign


def _places(result: Document) -> Facts:
    """Where everything is; nothing of a file that is in no bucket."""
    source = result["source"]
    named = {
        "File": source if source.get("bucket") else None,
        "Result": result.get("output"),
        "This page": result.get("report"),
        "Backup": result.get("backup"),
    }
    return [(label, f"s3://{each['bucket']}/{each['key']}") for label, each in named.items() if each]


def _identity(result: Document) -> Facts:
    """Which bytes these are."""
    source = result["source"]
    facts = [("SHA-256", digest(source) or "unknown")]
    facts += [
        (label, source[name])
        for label, name in (("Version", "version_id"), ("ETag", "etag"))
        if source.get(name)
    ]
    if source.get("uploaded_at"):
        facts.append(("Uploaded", text.moment(source["uploaded_at"])))
    if duplicate := source.get("identical_to"):
        facts.append(
            ("Same bytes as", f"{duplicate['key']}, uploaded {text.moment(duplicate['uploaded_at'])}")
        )
    return facts
