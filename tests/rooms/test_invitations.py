"""Who may be visited by an invitation that somebody shows to the terminal."""

import pytest

from kiosk.consultation.model import Room
from kiosk.errors import RoomRefused
from kiosk.rooms.invitations import reader
from kiosk.rooms.pexip.settings import PexipSettings

NODE = "https://join.example.org"
LISTED = PexipSettings(allowed_hosts=("*.example.org",))


@pytest.mark.parametrize(
    ("settings", "text", "expected"),
    [
        (LISTED, f"{NODE}/m/998112?pin=12", Room("pexip", NODE, "998112", "12", "T")),
        (LISTED, "https://evil.example/m/998112", "forbidden_host"),
        (LISTED, "998112", "forbidden_host"),
        (PexipSettings(node=NODE), "998112 1234", Room("pexip", NODE, "998112", "1234", "T")),
        (PexipSettings(node=NODE), f"{NODE}/m/998112", Room("pexip", NODE, "998112", None, "T")),
        (PexipSettings(node=NODE), "https://other.example.org/m/998112", "forbidden_host"),
        (PexipSettings(), f"{NODE}/m/998112", "forbidden_host"),
        (PexipSettings(), "998112", "forbidden_host"),
        (LISTED, f"{NODE}/m/998112?x=" + "x" * 512, "not_found"),
        (LISTED, "Kari Nordmann", "not_found"),
    ],
)
def test_an_invitation_leads_to_the_clinic_or_nowhere(settings: PexipSettings, text: str, expected: Room | str) -> None:
    read = reader(settings, "T")
    if isinstance(expected, Room):
        assert read(text) == expected
        return
    with pytest.raises(RoomRefused) as caught:
        read(text)
    assert caught.value.reason == expected
