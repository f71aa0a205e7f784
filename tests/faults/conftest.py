import pytest

from tests.faults.harness.matrix_table import lines, table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the matrix as it was played."""
    if lines:
        terminalreporter.section("invocations until each file was home")
        terminalreporter.write_line("\n".join(table()))
