"""What init loads is time that every cold start takes."""

import gc
import subprocess
import sys

import pytest

from function.startup import without_collector

# Milliseconds of CPU that each takes at init are in docs/architecture.md: an addition belongs there, too.
LIBRARIES = {"asyncpg", "backports", "botocore", "certifi", "dateutil", "jmespath", "six", "urllib3"}
OWN = 123  # modules


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    return loaded_by("function.handler")


def loaded_by(module: str) -> set[str]:
    """The modules that are there after the import of one, and not before it."""
    code = f"import sys; before = {{*sys.modules}}; import {module}; print(*({{*sys.modules}} - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_init_loads_these_libraries_and_no_other(loaded: set[str]) -> None:
    names = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"function"}
    assert {name for name in names if "cython" not in name} == LIBRARIES  # asyncpg's extensions make these up


def test_init_loads_so_many_modules_of_our_own(loaded: set[str]) -> None:
    own = sorted(name for name in loaded if name.partition(".")[0] == "function")
    assert len(own) <= OWN, own


def test_init_does_not_load_what_only_operators_need(loaded: set[str]) -> None:
    operators = ("postgres.register", "aws.inventory", "pipeline.reconcile", "operations", "operator_handler")
    assert "function.wiring" in loaded
    assert not loaded & {f"function.{name}" for name in operators}


def test_init_does_not_load_what_only_large_files_need(loaded: set[str]) -> None:
    assert not loaded & {
        "polars",
        "s3transfer",
        "function.scan.profile.columns",
        "function.aws.copy_in_parts",
        "function.domain.fanout",
        "function.pipeline.fan_out",
        "function.aws.fanout",
        "function.scan.parts",
    }


def test_the_function_that_reads_parts_loads_neither_the_database_nor_the_pipeline() -> None:
    names = loaded_by("function.part_handler")
    assert "function.scan.parts.part" in names
    assert not names & {"asyncpg", "function.postgres", "function.pipeline", "function.wiring", "jinja2"}


def test_the_collector_is_off_within_and_on_afterwards_without_what_was_made() -> None:
    frozen = gc.get_freeze_count()
    try:
        with without_collector():
            assert not gc.isenabled()
            made = [[number] for number in range(1000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(made)
    finally:
        gc.unfreeze()


def test_the_collector_is_on_after_a_fault() -> None:
    with pytest.raises(ZeroDivisionError), without_collector():
        raise ZeroDivisionError
    assert gc.isenabled()
    gc.unfreeze()
