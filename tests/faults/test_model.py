"""Uploads, redeliveries, crashes, outages and reconciliations in any order, against what must come of them.

The parts are the function's own, on a real PostgreSQL and the emulated services; the test decides when a
worker dies: from then on none of its calls gets through.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from function.pipeline import process
from function.postgres import claims
from local.stack import Stack
from tests.faults.harness.model import LEASE, World


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Of this module alone: reconciliation looks at whole buckets."""
    with Stack() as running:
        yield running


@pytest.mark.timeout(3600)
def test_in_any_order_of_events_every_upload_ends_as_it_must(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "LEASE", LEASE)
    monkeypatch.setattr(process, "_HELD_POLL_SECONDS", 0.02)
    World.stack = stack
    many = os.environ.get("FAULTS") == "all"
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=200 if many else 8,
            stateful_step_count=20,
            deadline=None,
            derandomize=not many,
            phases=list(Phase) if many else [Phase.generate],  # to shrink an example takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
