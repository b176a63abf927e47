"""The layers' headers keep to what rpi-image-gen reads: a field that it does not know ends its build."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

IMAGE = Path(__file__).parents[2] / "image"
LAYERS = sorted((IMAGE / "layer").glob("*.yaml"))
FIELD = re.compile(
    r"X-Env-(Layer-(Name|Desc|Version|Category|Requires|Provides|Conflicts|RequiresProvider|AfterProvider)"
    r"|VarPrefix|VarRequires|VarRequires-Valid|Var-[a-z0-9_]+(-(Desc|Required|Valid|Set|Conflicts|Triggers))?)"
)


def header(layer: Path) -> dict[str, str]:
    """Its fields, in their order; lines that go on begin with a blank."""
    found: dict[str, str] = {}
    block = layer.read_text().partition("# METABEGIN\n")[2].partition("# METAEND\n")[0]
    name = ""
    for line in (row[2:] for row in block.splitlines() if row[2:].strip()):
        if line.startswith(" "):
            found[name] += line
        else:
            name, _, value = line.partition(":")
            assert name not in found
            found[name] = value.strip()
    return found


@pytest.mark.parametrize("layer", LAYERS, ids=lambda path: path.stem)
def test_a_header_has_fields_that_are_known(layer: Path) -> None:
    fields = header(layer)
    assert [name for name in fields if not FIELD.fullmatch(name)] == []
    assert fields["X-Env-Layer-Name"] == layer.stem
    assert re.fullmatch(r"\d+\.\d+\.\d+", fields["X-Env-Layer-Version"])
    variables = [name for name in fields if name.startswith("X-Env-Var-")]
    assert not variables or fields["X-Env-VarPrefix"]
    for before, name in pairwise(["", *variables]):
        base = re.sub(r"-(Desc|Required|Valid|Set)$", "", name)
        assert base == name or before.startswith(base), f"{name} stands without its variable"


@pytest.mark.parametrize("layer", LAYERS, ids=lambda path: path.stem)
def test_what_a_variable_is_from_the_start_is_what_it_may_be(layer: Path) -> None:
    fields = header(layer)
    for name, rule in fields.items():
        if name.endswith("-Valid") and rule.startswith("regex:"):
            assert re.fullmatch(rule.removeprefix("regex:"), fields[name.removesuffix("-Valid")])


@pytest.mark.parametrize("layer", LAYERS, ids=lambda path: path.stem)
def test_the_rest_is_what_mmdebstrap_is_told(layer: Path) -> None:
    keys = re.findall(r"(?m)^( *)([a-z-]+):$", layer.read_text().partition("\n---\n")[2])
    assert keys[0] == ("", "mmdebstrap")
    assert set(keys[1:]) <= {("  ", "packages"), ("  ", "customize-hooks")}


@pytest.mark.parametrize("board", ["pi4", "pi5"])
def test_a_board_takes_its_own_device_and_our_layers(board: str) -> None:
    config = (IMAGE / f"config/terminal-{board}.yaml").read_text()
    assert f"device:\n  layer: r{board}\n" in config
    assert {"kiosk", "kiosk-rpi"} <= set(re.findall(r": (\S+)", config))
