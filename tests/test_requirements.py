"""Every requirement has what meets it, or the reason why not; nothing is claimed that cannot be found."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache, reduce
from pathlib import Path
from typing import Any

import pytest

from kiosk.ui.texts import FOLDER

ROOT = Path(__file__).parents[1]
ROWS: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "tests/requirements.toml").read_text(encoding="utf-8"))
NORWEGIAN = (FOLDER / "nb.ftl").read_text(encoding="utf-8")
CLAIMS = [(row, claim) for row, told in ROWS.items() for claim in told.get("by", ())]


def test_every_number_has_its_row() -> None:
    assert list(ROWS) == [str(number) for number in range(1, 121)] + [f"U{number}" for number in range(1, 35)]


def test_every_row_tells_what_meets_it_or_why_nothing_does() -> None:
    assert {row for row, told in ROWS.items() if not told.get("by") and not told.get("outside")} == set()
    assert {key for told in ROWS.values() for key in told} == {"by", "outside"}


@cache
def found_in(path: str) -> frozenset[str]:
    """Names of the functions, classes and constants of a file, which is read, not run."""
    return frozenset(_names(ast.parse((ROOT / path).read_text(encoding="utf-8"))))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


@pytest.mark.parametrize(("row", "claim"), CLAIMS, ids=lambda value: str(value))
def test_every_claim_is_found(row: str, claim: str) -> None:
    if claim.startswith("text:"):
        assert re.search(rf"(?m)^{claim.removeprefix('text:')} =", NORWEGIAN)
    elif "::" in claim:
        path, name = claim.split("::")
        assert name.lower().startswith("test"), f"{row}: {name} is no test"
        assert name in found_in(path)
    else:
        module, _, name = claim.partition(":")
        if module.startswith("kiosk.ui"):
            # Kivy is imported in one way only, by whoever opens its window.
            assert name in found_in(f"{module.replace('.', '/')}.py")
            return
        reduce(getattr, name.split("."), importlib.import_module(module))
