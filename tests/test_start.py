"""What a start waits for: no program reads in more than it wants, for which a terminal's processor takes seconds."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("program", "foreign"),
    [
        ("kiosk.cli", {"kiosk.config", "pydantic", "numpy"}),
        ("kiosk.loan.__main__", {"kiosk.config", "pydantic", "numpy", "zxingcpp"}),
        ("kiosk.firstboot.__main__", {"kiosk.config", "pydantic", "numpy"}),
        ("kiosk.config", {"aiortc", "av", "requests", "aiohttp", "kivy"}),
    ],
)
def test_a_program_reads_in_what_it_wants(program: str, foreign: set[str]) -> None:
    script = f"import sys, {program}; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert not foreign & set(told.stdout.split())
