"""Contacts of every kind: a name may be shortened, a number never."""

from datetime import timedelta
from typing import Any

import pytest

from kiosk.consultation.model import Clinic, Contact
from kiosk.screen_wire import REMOTE_BYTES, SELF_BYTES, SLIDES_BYTES
from kiosk.shared_frames import FrameRing
from kiosk.ui import sample
from kiosk.ui.gallery import SIZES
from kiosk.ui.texts import Texts, languages

from .conftest import OSLO
from .test_layout import NARROWEST, seen_at, texts

LONG = Contact(
    "Lungepoliklinikken ved Stavanger universitetssjukehus", "+47 815 00 000", "Alle hverdager fra 8 til 15.30"
)
CONTACTS = {
    "long": (LONG,),
    "very long number": (Contact("Poliklinikken", "+47 815 00 000 og 815 00 001"),),
    "two": (Contact("Poliklinikken", "51 51 51 51"), Contact("Teknisk hjelp", "815 00 001")),
    "none": (),
    "empty": (Contact("", ""),),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", CONTACTS)
def test_numbers_are_whole_and_nothing_leaves_the_card(kivy_window: None, name: str, size: tuple[int, int]) -> None:
    from kiosk.ui.canvas import Canvas  # noqa: PLC0415 - only once the window is open
    from kiosk.ui.screens import Setting  # noqa: PLC0415

    contacts = CONTACTS[name]
    setting = Setting(Texts("nb"), contacts, lambda: sample.NOW.astimezone(OSLO))
    canvas = Canvas(setting, FrameRing(SELF_BYTES), FrameRing(REMOTE_BYTES), FrameRing(SLIDES_BYTES))
    for view in ("idle", "waiting", "paused", "phone", "fault-camera"):
        canvas.arrange(sample.views()[view], size)
        card: Any = canvas.stage.current and canvas.stage.current.card
        for text in texts(card):
            left, bottom, right, top = seen_at(text)
            assert left >= card.x
            assert right <= card.right
            assert bottom >= card.y - 1
            assert top <= card.top + 1
            assert len(text.lines) == 1
        assert card.number.words.replace("\N{NO-BREAK SPACE}", " ") == (contacts[0].phone if contacts else "")
        assert "".join(card.number.lines) == card.number.words
        if name == "long" and view == "idle":
            assert card.name.words.startswith("Lungepoliklinikk")
            assert card.name.words.endswith("…")
    canvas.close()


@pytest.mark.parametrize("language", languages())
def test_when_the_clinic_opens_is_told_whole(kivy_window: None, language: str) -> None:
    from kiosk.ui.canvas import Canvas  # noqa: PLC0415 - only once the window is open
    from kiosk.ui.screens import Setting  # noqa: PLC0415

    shut = (Contact("Poliklinikken", "51 51 51 51", open=("wed 08:00-08:30",)),)
    now = sample.NOW.astimezone(OSLO)
    times = [now.replace(hour=7)] + [now + timedelta(days=days) for days in range(7)]
    at = [now]
    for urgent in (False, True):
        setting = Setting(Texts(language), shut, lambda: at[0], clinic=Clinic(urgent_numbers=urgent))
        canvas = Canvas(setting, FrameRing(SELF_BYTES), FrameRing(REMOTE_BYTES), FrameRing(SLIDES_BYTES))
        for at[0] in times:
            for view in ("idle", "phone"):
                canvas.arrange(sample.views()[view], NARROWEST)
                card: Any = canvas.stage.current and canvas.stage.current.card
                for text in (card.name, card.number, card.below):
                    assert "…" not in text.words
                    assert text.width_px() <= text.box[0] + 0.5
                    assert len(text.lines) <= 1
        canvas.close()
