"""Says at the end how many bad inputs were tried."""

import pytest

from tests.rooms import bad_input


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if bad_input.tried:
        counts = ", ".join(f"{count} {what}" for what, count in sorted(bad_input.tried.items()))
        terminalreporter.write_line(f"Bad input tried against the room client: {counts}")
