"""No regular expression that meets a file's content takes more than linear time, whatever the content."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.support.program import ROOT

LENGTH = 2000  # characters, in the first place
FAST = 0.002  # CPU seconds; at four times the length a quadratic pattern takes some ten times as long
WIDE = 9.0  # how much longer four times the text may take: linear is 4, quadratic 16
ENDS = ("", "\n", "!", "\0x\n")


@pytest.fixture(scope="module")
def collected() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.support.patterns"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_place_that_makes_a_pattern_is_watched(collected: dict[str, Any]) -> None:
    assert collected["unseen"] == []
    assert len(collected["patterns"]) > 60


def cost(search: Any, text: str | bytes) -> float:
    """CPU seconds, the least of three."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        search(text)
        spent.append(time.process_time() - start)
    return min(spent)


def slow(found: dict[str, Any]) -> Iterator[tuple[str, str, str, float]]:
    """(method, repeated part, end, ratio) for each text on which time is more than linear."""
    source = found["pattern"].encode("latin-1") if found["bytes"] else found["pattern"]
    pattern = re.compile(source, found["flags"])
    for method in found["methods"]:
        call = getattr(pattern, method)
        for before, part in found["pumps"]:
            for end in ENDS if part else ():
                texts = [before + part * (length // len(part)) + end for length in (LENGTH, 4 * LENGTH)]
                given = [text.encode("latin-1") for text in texts] if found["bytes"] else texts
                if (long := cost(call, given[1])) >= FAST:
                    ratio = long / cost(call, given[0])
                    if ratio > WIDE:
                        yield method, before + "|" + part, end, ratio


def test_no_pattern_takes_more_than_linear_time(collected: dict[str, Any]) -> None:
    found = {
        f"{each['where']} {each['pattern'][:60]}": worst
        for each in collected["patterns"]
        if (worst := list(slow(each))[:3])
    }
    assert found == {}


@pytest.mark.parametrize("pattern", [r"(a|a)*b", r"[\w.]+\.[\w.]+x", r"(.*/)?(b/.*|c)"])
def test_a_pattern_of_more_than_linear_time_would_be_found(pattern: str) -> None:
    from tests.hostile.support.pumps import pumps

    tree = re._parser.parse(pattern)  # type: ignore[attr-defined]
    pieces = sorted(set(pumps(tree)))
    if pattern.startswith("(a|a)"):  # exponential: shorter, or it would not end
        assert cost(re.compile(pattern).fullmatch, "a" * 20) > 5 * cost(
            re.compile(pattern).fullmatch, "a" * 16
        )
        return
    assert list(
        slow({"pattern": pattern, "bytes": False, "flags": 0, "methods": ["fullmatch"], "pumps": pieces})
    )
