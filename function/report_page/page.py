"""From a result document to the text of report.html."""

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from function.domain.message.text import plain
from function.domain.model import Document
from function.report_page.shown import shown
from function.report_page.view import view


def html(result: Document) -> str:
    """The page of a result: no script, nothing to fetch; whatever the file holds is shown as text.

    Args:
        result: a result.json of this or an earlier release; or, of a file that was only scanned, its parts
            `status`, `source` (with `key`, `size_bytes` and `sha256`), `csv` and `error`.
    """
    return _template().render(view(result))


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"shown": shown, "plain": plain, "number": "{:,}".format}
    return environment.get_template("report.html.jinja")
