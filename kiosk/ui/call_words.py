"""What the consultation's screen says: what does not work, what is good to know, what is being said. Pure."""

from dataclasses import replace
from typing import Final

from kiosk.consultation.model import Device
from kiosk.consultation.screens import InCallScreen
from kiosk.ui.page import Page
from kiosk.ui.sign import Sign
from kiosk.ui.texts import Texts

_BROKEN: Final = {
    Device.CAMERA: Sign.CAMERA,
    Device.MICROPHONE: Sign.MICROPHONE,
    Device.SPEAKER: Sign.SPEAKER,
    Device.BUTTON: Sign.PHONE,
}
_NAME_LONGEST: Final = 14
"""Letters."""


def with_call(page: Page, call: InCallScreen, texts: Texts, *, frozen: bool, large: bool) -> Page:
    """The page with all that is told of the call. `frozen`: the far end's picture stands still."""
    return replace(
        page,
        message=one_paragraph(call.message),
        guide=texts("introduce") if call.introduce else "",
        people=_people(call.people, texts, large=large) if call.people else "",
        notices=tuple(_notices(call, texts, frozen=frozen)),
        asides=tuple(_asides(call, texts)),
        caption=one_paragraph(call.caption),
        recorded=texts("recorded") if call.recorded else "",
        slides=call.slides,
        steered=call.steered,
        poor=call.poor is not None,
        speaks=call.speaks,
    )


def one_paragraph(words: str) -> str:
    """Without line breaks and doubled spaces."""
    return " ".join(words.split())


def _notices(call: InCallScreen, texts: Texts, *, frozen: bool) -> list[tuple[Sign, str]]:
    notices = []
    if call.broken:
        notices.append((_BROKEN[call.broken], texts(f"broken-{call.broken.value}")))
    if call.muted_by_host:
        notices.append((Sign.MICROPHONE, texts("muted-by-host")))
    if call.loudspeaker_off:
        notices.append((Sign.SPEAKER, texts("loudspeaker-off")))
    if frozen:
        notices.append((Sign.WAIT, texts("frozen")))
    return notices


def _asides(call: InCallScreen, texts: Texts) -> list[tuple[Sign, str]]:
    asides = []
    if call.arrived:
        asides.append((Sign.PERSON, texts("arrived", name=_short(call.arrived))))
    if call.poor and call.poor_in_words:
        asides.append((Sign.POOR, texts(f"poor-{call.poor.value}")))
    if call.steered:
        asides.append((Sign.STEERED, texts("steered")))
    return asides


def _people(count: int, texts: Texts, *, large: bool) -> str:
    """In large text the sign beside it is the word."""
    return str(count) if large else texts("people", count=count)


def _short(name: str) -> str:
    """So much of a name that its sentence stays on one line."""
    whole = one_paragraph(name)
    first = whole if len(whole) <= _NAME_LONGEST else whole.split()[0]
    return first if len(first) <= _NAME_LONGEST else f"{first[: _NAME_LONGEST - 1]}…"
