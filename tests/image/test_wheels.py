"""Of the lock file only what the terminal itself needs goes into the image, with its hashes."""

import re
from pathlib import Path

import pytest

from image.wheels import FROM_SOURCE, Locked, fitting, needed, read_lock, requirements

ROOT = Path(__file__).parents[2]
LOCK = """\
a==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
    # via kiosk (pyproject.toml)
b-c==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:bb
    # via
    #   a
    #   pytest
b-c==3.0 ; python_full_version >= '3.12' \\
    --hash=sha256:bc
    # via a
d==4 ; sys_platform == 'win32' \\
    --hash=sha256:dd
    # via b-c
pytest==9 \\
    --hash=sha256:99
    # via kiosk (pyproject.toml)
"""


def test_a_lock_file_is_read() -> None:
    first, second, *_ = read_lock(LOCK)
    assert first == Locked("a", "1.0", "", ("sha256:aa", "sha256:ab"), frozenset({"kiosk"}))
    assert (second.name, second.marker) == ("b-c", "python_full_version < '3.12'")
    assert second.wanted_by == {"a", "pytest"}


@pytest.mark.parametrize(("python", "version"), [("3.11", "2.0"), ("3.13", "3.0")])
def test_only_what_fits_and_is_needed_is_taken(python: str, version: str) -> None:
    chosen = list(fitting(needed(read_lock(LOCK), ["a"]), python))
    assert [(each.name, each.version) for each in chosen] == [("a", "1.0"), ("b-c", version)]


def test_a_marker_that_is_not_understood_is_no_guess() -> None:
    with pytest.raises(ValueError, match="not understood"):
        list(fitting(read_lock("a==1 ; extra in 'x' \\\n    --hash=sha256:aa\n"), "3.13"))


def test_a_line_is_what_pip_takes() -> None:
    assert read_lock(LOCK)[0].line() == "a==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:ab"


@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_the_image_has_what_the_terminal_imports_and_no_test_tools(python: str) -> None:
    chosen = requirements(python, hardware=False)
    names = {each.name for each in chosen}
    assert {"aiortc", "av", "kivy", "fluent-runtime", "pyalsaaudio", "zxing-cpp", "pytz"} <= names
    assert not names & {"pytest", "playwright", "hypothesis", "aiohttp", "ruff", "mypy"}
    assert all(each.hashes for each in chosen)
    assert len(names) == len(chosen)


def test_the_hardware_s_modules_are_locked_too() -> None:
    names = {each.name for each in requirements("3.13", hardware=True)}
    assert {"lgpio", "gpiozero", "picamera2"} <= names
    assert names >= FROM_SOURCE


def test_everything_that_the_terminal_s_own_code_imports_is_there() -> None:
    """Modules by the names they are imported under, where these differ from the package's."""
    imported = {
        match[1]
        for path in (ROOT / "kiosk").rglob("*.py")
        if "clinic" not in path.parts and "provision" not in path.parts
        for match in re.finditer(r"(?m)^\s*(?:import|from) (\w+)", path.read_text(encoding="utf-8"))
    }
    packages = {
        "av": "av",
        "aioice": "aioice",
        "bidi": "python-bidi",
        "cryptography": "cryptography",
        "dns": "dnspython",
        "icalendar": "icalendar",
        "kivy": "kivy",
        "numpy": "numpy",
        "requests": "requests",
        "urllib3": "urllib3",
        "zxingcpp": "zxing-cpp",
    }
    names = {each.name for each in requirements("3.13", hardware=True)}
    assert {packages[each] for each in imported & set(packages)} <= names
