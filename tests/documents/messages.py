"""docs/messages.md: what people are sent, as the code writes it today. `python -m tests.documents.messages`."""

from pathlib import Path

from function.domain.message import message
from function.domain.model import Document
from tests.documents.examples import EXAMPLES

DOCUMENT = Path(__file__).parents[2] / "docs" / "messages.md"
_FILE = "tests/documents/messages.py"
_HEAD = f"""# Messages

<!-- Written by `make pictures` ({_FILE}): change the code, and not this text. -->

One file, one message. It goes to the shared topic, and from there to everybody who subscribed. Its attributes `status`
and `bucket` are what a subscription can filter by. Its subject has at most 100 characters of printable ASCII: the
verdict, the rows and the doubts come first, and the file's name is shortened if it must be. What the codes mean is in
[operations](operations.md#a-file-failed); what the doubts mean, in [reading](reading.md).
"""
_INTRODUCTIONS = {
    "success": "A file without a doubt",
    "doubt": "A file that was counted, with doubts",
    "failure": "A file that failed",
    "contract": "A file that breaks its contract",
    "series": "A file unlike those before it",
}


_PAGE = """
## The page

The failed file's `report.html`; the doubtful one's, where dark colours are preferred; and the first on a phone.

![Verdict, lines at fault and columns of a file that failed](images/report-failure.png)

![Verdict, doubts and columns of a file that was counted with doubts](images/report-doubt-dark.png)

![The same page at a width of 375 pixels](images/report-phone.png)
"""


def document() -> str:
    """The text of docs/messages.md."""
    sections = (_section(_INTRODUCTIONS[name], result) for name, result in EXAMPLES.items())
    return _HEAD + "".join(sections) + _PAGE


def _section(heading: str, result: Document) -> str:
    told = message(result)
    return f"\n## {heading}\n\n```text\nSubject: {told.subject}\n\n{told.body}\n```\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
