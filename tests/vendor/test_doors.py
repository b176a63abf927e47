"""Every way into a room, as the vendor's client meets it."""

from collections.abc import Callable

import requests

from tests.vendor.client import VendorClient, until
from tests.vendor.conftest import Vendors
from tests.whole.product import HOST_PIN, ROOM, Clinic

GUEST_PIN = "4321"
BOTH_PINS = ("--room", f"{ROOM}:{HOST_PIN}:{GUEST_PIN}")


def set_room(clinic: Clinic, alias: str = ROOM, **conditions: bool) -> None:
    """Change a room's conditions."""
    requests.post(f"{clinic.url}/clinic/api/rooms/{alias}", json=conditions, timeout=10).raise_for_status()


def enters(client: VendorClient, **options: str) -> str:
    """Join, with media; the role."""
    status, result = client.join(ROOM, "Somebody", hz=440, **options)
    assert status == 200, result
    client.awaits("onCallConnected")
    role = result["role"]
    assert isinstance(role, str)
    return role


def test_room_with_a_host_pin_says_that_guests_need_none(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    client = vendor(clinics())
    assert client.join(ROOM, "Somebody")[0] == 403
    assert client.last("onPinRequired") == {"hasHostPin": True, "hasGuestPin": False}
    assert enters(client, pin="none") == "GUEST"


def test_room_with_both_pins_gives_the_role_that_the_pin_is_for(
    clinics: Callable[..., Clinic], vendor: Vendors
) -> None:
    clinic = clinics(*BOTH_PINS)
    guest, host = vendor(clinic), vendor(clinic)
    assert guest.join(ROOM, "Somebody")[0] == 403
    assert guest.last("onPinRequired") == {"hasHostPin": True, "hasGuestPin": True}
    assert guest.join(ROOM, "Somebody", pin="none")[0] == 403
    assert enters(guest, pin=GUEST_PIN) == "GUEST"
    assert enters(host, pin=HOST_PIN) == "HOST"


def test_wrong_pin_is_refused_by_name(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics()
    client = vendor(clinic)
    assert client.join(ROOM, "Somebody", pin="0000")[0] == 403
    assert client.last("onError") == {"error": "Invalid PIN", "errorCode": "#pex101"}
    assert not clinic.people()


def test_wrong_room_number_is_told(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    client = vendor(clinics())
    assert client.join("999999", "Somebody")[0] == 404
    assert client.last("onError") == {"error": "Neither conference nor gateway found", "errorCode": "#pex154"}


def test_reception_leads_to_the_room_whose_number_is_given(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--room", ROOM, "--room", "ward7")
    set_room(clinic, reception=True)
    client = vendor(clinic)
    assert client.join(ROOM, "Somebody")[0] == 403
    assert client.last("onExtension") == "standard"
    assert client.join(ROOM, "Somebody", conferenceExtension="nowhere")[0] == 404
    assert enters(client, conferenceExtension="ward7") == "HOST"
    assert [len(people) for people in clinic.health()["rooms"].values()] == [0, 1]
    client.leave()
    until("he has left the other room", lambda: clinic.health()["participants"] == 0)


def test_login_is_asked_for_step_by_step(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics()
    set_room(clinic, login=True)
    client = vendor(clinic)
    assert client.join(ROOM, "Somebody")[0] == 403
    [provider] = client.last("onIdp")
    assert client.join(ROOM, "Somebody", chosenIdp=provider["uuid"])[0] == 403
    assert client.last("onRedirect")["redirectIdp"]["uuid"] == provider["uuid"]
    assert client.join(ROOM, "Somebody", chosenIdp=provider["uuid"], ssoToken="forged")[0] == 403
    assert client.last("onError") == {"error": "SSO Authentication Failed", "errorCode": "#pex200"}
    assert enters(client, chosenIdp=provider["uuid"], ssoToken="vouched-for", pin="none") == "GUEST"


def test_room_for_sound_alone_is_entered_without_a_picture(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--room", ROOM)
    set_room(clinic, sound_only=True)
    one, other = vendor(clinic), vendor(clinic)
    one.enter(ROOM, "One", hz=440, colour="red")
    other.enter(ROOM, "Other", hz=880, colour="blue")
    one.hears(880)
    other.hears(440)
    assert (one.person("Other") or {})["callType"] == "audio"
    assert one.do("document.getElementById('remote').videoWidth") == 0
