"""The README tells the truth where a machine can tell."""

import re
from pathlib import Path

import pytest

from kiosk.cli import PROGRAMS, main
from kiosk.config import parse

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_its_configuration_is_one() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert parse(example).terminal.assigned


def test_the_files_it_shows_and_names_are_there() -> None:
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (Path(__file__).parent.parent / path).is_file(), path


def test_its_commands_are_commands() -> None:
    named = set(re.findall(r"^    kiosk (\w+)", README, re.MULTILINE))
    assert named >= set(PROGRAMS)
    for command in named - set(PROGRAMS):
        with pytest.raises(SystemExit, match=r"^0$"):
            main([command, "--help"])
