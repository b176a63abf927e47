"""Even lines."""

import pytest

from kiosk.ui.widgets.fit import contain, tex_coords
from kiosk.ui.widgets.wrap import GOES_ON, flow, pages, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Vent litt.", 20, ["Vent litt."]),
        ("Vi kobler til igjen nå.", 20, ["Vi kobler til", "igjen nå."]),
        ("en to tre fire", 9, ["en to", "tre fire"]),
        ("kl.\N{NO-BREAK SPACE}10.00 er din", 9, ["kl.\N{NO-BREAK SPACE}10.00", "er din"]),
        ("to\nlinjer", 20, ["to", "linjer"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("", 10, []),
        ("   ", 10, []),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, len) == lines


def test_no_line_is_wider_than_the_box() -> None:
    text = "Legen er dessverre ti minutter forsinket og kommer så snart som mulig inn til deg"
    for width in range(3, 60):
        assert max(len(line) for line in wrap(text, width, len)) <= width
        if width >= 10:
            assert " ".join(wrap(text, width, len)) == text


def test_pages() -> None:
    assert pages("a b c", 1, 2, len) == [f"a\nb{GOES_ON}", "c"]
    assert pages("", 9, 2, len) == [""]


def test_a_page_tells_that_its_sentence_goes_on() -> None:
    assert pages("Klinikken slo av lyden din.", 16, 1, len) == [f"Klinikken slo{GOES_ON}", "av lyden din."]
    assert pages("Klinikken slo av lyden din.", 16, 2, len) == ["Klinikken slo\nav lyden din."]
    assert pages("Kameraet er borte\nVi venter", 17, 1, len) == ["Kameraet er borte", "Vi venter"]
    text = "Legen er dessverre ti minutter forsinket og kommer så snart som mulig inn til deg"
    for width in range(12, 40):
        lines = [line for page in pages(text, width, 2, len) for line in page.split("\n")]
        assert max(map(len, lines)) <= width
        assert " ".join(line.removesuffix(GOES_ON) for line in lines) == text


@pytest.mark.parametrize(
    ("size", "box", "shown"),
    [
        ((640, 480), (0, 0, 1280, 800), (106, 0, 1067, 800)),
        ((1280, 720), (0, 0, 1280, 800), (0, 40, 1280, 720)),
        ((360, 640), (10, 20, 100, 100), (32, 20, 56, 100)),
        ((1, 1), (0, 0, 7, 5), (1, 0, 5, 5)),
        ((0, 480), (3, 4, 100, 100), (3, 4, 0, 0)),
        ((640, 480), (3, 4, 0, 100), (3, 4, 0, 0)),
    ],
)
def test_contain(size: tuple[int, int], box: tuple[float, ...], shown: tuple[float, ...]) -> None:
    x, y, width, height = box
    assert contain(*size, (x, y, width, height)) == shown


def test_a_mirror_swaps_left_and_right_only() -> None:
    plain, mirrored = tex_coords(mirrored=False), tex_coords(mirrored=True)
    assert plain[0::2] == tuple(1 - x for x in mirrored[0::2])
    assert plain[1::2] == mirrored[1::2]


def test_lines_that_were_said_stay_as_they_are_while_more_is_said() -> None:
    words = ["da", "ser", "vi", "på", "prøvene", "sammen", "og", "de", "er", "bedre", "enn", "sist"]
    lines: list[str] = []
    for count in range(1, len(words) + 1):
        grown = flow(" ".join(words[:count]), 14, len)
        assert grown[: len(lines) - 1] == lines[:-1]
        assert max(len(line) for line in grown) <= 14
        lines = grown
    assert " ".join(lines).split() == words
    assert flow("", 10, len) == []
