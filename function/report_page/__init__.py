"""report.html: a result as a page for people, that needs nothing but a browser. Pure.

    result document -> view (what is shown) -> template and style -> one text

Only whoever makes a page imports this: it loads the template engine.
"""

from function.report_page.page import html

__all__ = ["html"]
