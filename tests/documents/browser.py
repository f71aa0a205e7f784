"""A real browser without a window, for what only one can tell of a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING = f"no browser: none of {', '.join(_NAMES)} is on the PATH, and CHROMIUM names none"


def executable() -> str | None:
    """The Chromium of this machine, if it has one; the variable CHROMIUM may name it."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser, running. Its own sandbox cannot be had by root, as whom containers run tests."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=arguments)
        try:
            yield running
        finally:
            running.close()
