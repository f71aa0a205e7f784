"""What an uploader may say of a file, in metadata and tags, is as hostile as the file: each word ends in a verdict."""

import encodings
import pkgutil
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.errors import ErrorCode, FileError
from function.domain.instructions import Options, follow
from function.scan import scan

CODECS = sorted(
    {each.name for each in pkgutil.iter_modules(encodings.__path__)}
    - {"aliases", "mbcs", "oem"}  # of Windows
)
BODIES = (
    b"a,b\n1,2\n",
    b"a,b\n1,+2AA-\n",  # half a character of UTF-7
    b"a,b\n1,\\ud800\n",
    b"xn--a-ecp.ru,b\n",
    b"a-\xff\xfe\0\0\xd8,\n",
    b"\x1b$B\x1b(J~{~}",
)
DELIMITERS = (
    "\r",
    "\n",
    '"',
    "\0",
    "a" * 2000,
    "(a+)+$",
    ".*",
    "[",
    "\\",
    "a|b",
    "\u2028",
    "\x85",
    "é" * 100,
)
QUOTES = (None, "none", '"', "'", "\\", ",", "|", "é", "\x85")


def followed(words: dict[str, str]) -> Options | None:
    """The options; None if the words are refused."""
    try:
        return follow(words, Options())
    except FileError:
        return None


@pytest.mark.parametrize("name", CODECS)
def test_every_encoding_that_python_knows_ends_in_a_verdict(name: str) -> None:
    options = follow({"csv-encoding": name}, Options())
    for body in BODIES:
        found = scan([body], options)
        assert found.profile or found.error


@pytest.mark.parametrize("name", ["utf-16", "utf-32", "utf-7"])
def test_a_file_that_is_not_in_the_encoding_that_was_named_is_refused_for_it(name: str) -> None:
    found = scan([BODIES[1]], Options(encoding=name))
    assert found.error is not None
    assert found.error.code is ErrorCode.ENCODING


@pytest.mark.parametrize("name", ["punycode", "idna"])
def test_an_encoding_whose_time_grows_with_the_square_of_the_file_is_refused(name: str) -> None:
    start = time.process_time()
    found = scan([b"a" * (1 << 20) + b"-" + b"b" * (1 << 20)], Options(encoding=name))
    assert found.error is not None
    assert found.error.code is ErrorCode.ENCODING
    assert time.process_time() - start < 20  # CPU seconds; it would take hours


@pytest.mark.parametrize("delimiter", DELIMITERS, ids=lambda each: repr(each)[:12])
def test_every_delimiter_and_quote_is_refused_or_is_text_that_takes_linear_time(delimiter: str) -> None:
    for quote in QUOTES:
        options = followed({"csv-delimiter": delimiter, **({"csv-quote": quote} if quote else {})})
        if options is None:
            continue
        for body in (b"a,b\n1,2\n" * 500, b"a" * 20_000 + b"\n", b"(a+)+$" * 1000, b'"' * 5_000):
            start = time.process_time()
            found = scan([body], options)
            assert found.profile or found.error
            assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "words",
    [
        {"csv-delimiter": "double"},
        {"csv-quote": "\\"},
        {"csv-quote": "x"},
        {"csv-delimiter": "a\nb"},
        {"csv-delimiter": "|", "csv-quote": "|"},
        {"csv-delimiter": "'::'", "csv-quote": "single"},
    ],
)
def test_signs_that_cannot_be_told_apart_are_refused(words: dict[str, str]) -> None:
    assert followed(words) is None


WORDS = {
    "csv-delimiter": st.text(),
    "csv-quote": st.text(max_size=1),
    "csv-encoding": st.sampled_from(CODECS),
}


@given(st.fixed_dictionaries({}, optional=WORDS), st.sampled_from(BODIES) | st.binary())
def test_any_words_are_followed_or_refused_and_nothing_else_is_raised(
    words: dict[str, str], body: bytes
) -> None:
    options = followed(words)
    if options:
        found = scan([body], options)
        assert found.profile or found.error
