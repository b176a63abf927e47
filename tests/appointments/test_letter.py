"""A letter before the camera: its code is read as far as it can be, and followed only to the clinic."""

from dataclasses import replace

import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.appointments.letter import look, read_codes, understand
from kiosk.consultation.model import Room
from tests.appointments.calendars import LINK, NODE, read_link
from tests.appointments.paper import Sight, letter, seen

PAGE = letter(f"{LINK}?pin=1234")
ROOM = Room("pexip", NODE, "998112", "1234", "Terminal 0042")
EASY = Sight(turned_deg=7, blur_pixels=0.7, light=0.7, shade=0.3, noise=6)


@pytest.mark.parametrize(
    "sight",
    [
        EASY,
        replace(EASY, code_share=0.6),
        replace(EASY, code_share=0.25),
        replace(EASY, turned_deg=90),
        replace(EASY, turned_deg=200),
        replace(EASY, tilted=0.3),
        replace(EASY, light=0.2, noise=12),
        replace(EASY, width=1280, height=720, blur_pixels=1.0),
    ],
    ids=str,
)
def test_a_letter_that_is_held_well_is_read_at_every_look(sight: Sight) -> None:
    for seed in range(3):
        told = look(seen(PAGE, sight, seed), read_link)
        assert told is not None
        assert told.room == ROOM


def test_a_padded_plane_is_read_too() -> None:
    picture = seen(PAGE, EASY)
    padded = np.zeros((480, 704), np.uint8)
    padded[:, :640] = picture
    assert read_codes(padded[:, :640]) == [f"{LINK}?pin=1234"]


def test_without_a_letter_there_is_none() -> None:
    assert look(np.random.default_rng(1).integers(0, 255, (480, 640), np.uint8), read_link) is None
    assert look(np.zeros((1, 1), np.uint8), read_link) is None


@pytest.mark.parametrize(
    ("texts", "room"),
    [
        ([f"{LINK}?pin=1234"], ROOM),
        (["998112 1234"], ROOM),
        (["Romnummer: 998112\nPIN: 1234"], ROOM),
        (["https://example.org/about", f"{LINK}?pin=1234"], ROOM),
        (["https://evil.example/webapp/conference/998112"], None),
        (["https://join.example.org.evil.example/m/998112"], None),
        (["http://join.example.org/m/998112"], None),
        (["WIFI:S:998112;;"], None),
        (["tel:22334455"], None),
        ([f"{LINK}\x00"], None),
        ([f"{LINK}?x=" + "x" * 500], None),
        (["milk"] * 4 + [LINK], None),
    ],
)
def test_whose_letter_it_is(texts: list[str], room: Room | None) -> None:
    assert understand(texts, read_link).room == room


def test_a_letter_prints_nothing_of_its_room() -> None:
    assert "998112" not in repr(understand([LINK], read_link))


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80), st.builds("{}{}".format, st.sampled_from([LINK, "WIFI:", "pexip:"]), st.text(max_size=40))
    )
)
def test_no_code_breaks_the_reader_or_leads_elsewhere(text: str) -> None:
    if not text:
        return
    rows = segno.make_qr(text, error="l").matrix_iter(scale=3, border=4)
    told = look(np.array([[0 if dark else 255 for dark in row] for row in rows], np.uint8), read_link)
    room = None if told is None else told.room
    assert room is None or room.host.endswith("example.org")
