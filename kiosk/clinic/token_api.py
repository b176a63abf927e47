"""The client API's tokens: joining with all that may be asked for first, staying, leaving."""

from aiohttp import web

from .client_api import BASE, CLINIC, PAGE_CLIENT_ID, Visit, as_participant, participant_of, room_of
from .clinic import Clinic
from .participant import Participant
from .room import Room
from .wire import Json, Refusal, read_object, success, take

VERSION = {"version_id": "36", "pseudo_version": "79019.0.0"}
NAME_LIMIT = 200
REASON_LEFT = "User initiated disconnect"

IDENTITY_PROVIDER = {"name": "Clinic log-in", "uuid": "7d8f6f2e-4a4c-4d52-9b0d-0f5a3c1f9f10"}
LOGIN_URL = "https://login.clinic.invalid/"
LOGIN_TOKEN = "vouched-for"  # noqa: S105  (what the provider that does not exist would hand out)
TEXTS = (
    "chosen_idp",
    "sso_token",
    "client_id",
    "call_tag",
    "node",
    "sso_redirect_target",
    "conference_extension",
    "token",
)
SWITCHES = ("direct_media", "supports_direct_chat", "breakout_rooms", "breakout_capable")


async def request_token(request: web.Request) -> web.Response:
    clinic, entrance = request.app[CLINIC], room_of(request)
    body = await read_object(request)
    name = take(body, "display_name", str, "").strip()
    for field in TEXTS:
        take(body, field, str, "")
    for field in SWITCHES:
        take(body, field, bool, False)
    if not name:
        raise Refusal(403, {"display_name": "required"})
    if len(name) > NAME_LIMIT:
        raise Refusal(400, f"display_name must not be longer than {NAME_LIMIT} characters")
    try:
        room, participant, token = _let_in(clinic, entrance, body, name, request.headers.get("pin"))
    except Refusal as refusal:
        if isinstance(refusal.result, dict):
            raise Refusal(403, refusal.result | {"version": VERSION}) from None
        raise
    return success(_token_answer(clinic, room, participant, token))


def _let_in(clinic: Clinic, entrance: Room, body: Json, name: str, pin: str | None) -> tuple[Room, Participant, str]:
    alias, is_page = entrance.settings.alias, body.get("client_id") == PAGE_CLIENT_ID
    sent_as = None
    if ticket := body.get("token"):
        sent_as = clinic.transfers.redeem(ticket, alias, clinic.clock())
        if sent_as is None:
            raise Refusal(403, "Invalid token")
    room = entrance if sent_as or not entrance.conditions.reception else _beyond_reception(clinic, body)
    if room.conditions.login and not sent_as:
        _require_login(body)
    role = sent_as or room.role_for(pin)
    participant, token = clinic.join(room, role, name, entrance=alias, is_page=is_page, is_sent=sent_as is not None)
    return room, participant, token


def _beyond_reception(clinic: Clinic, body: Json) -> Room:
    """The room whose number was given at the reception."""
    extension = body.get("conference_extension")
    if not extension:
        raise Refusal(403, {"conference_extension": "required", "conference_extension_type": "standard"})
    room = clinic.rooms.get(extension)
    if room is None or room.conditions.reception:
        raise Refusal(404, "Neither conference nor gateway found")
    return room


def _require_login(body: Json) -> None:
    if body.get("chosen_idp", "none") != IDENTITY_PROVIDER["uuid"]:
        raise Refusal(403, {"idp": [IDENTITY_PROVIDER]})
    proof = body.get("sso_token", "none")
    if proof == "none":
        raise Refusal(403, {"redirect_url": LOGIN_URL, "redirect_idp": IDENTITY_PROVIDER})
    if proof != LOGIN_TOKEN:
        raise Refusal(403, "SSO Authentication Failed")


def _token_answer(clinic: Clinic, room: Room, participant: Participant, token: str) -> Json:
    return {
        "token": token,
        "expires": str(clinic.settings.token_lifetime_s),
        "participant_uuid": participant.uuid,
        "display_name": participant.display_name,
        "role": participant.role,
        "current_service_type": participant.service_type,
        "service_type": "conference",
        "version": VERSION,
        "conference_name": room.settings.alias,
        "service_name": room.settings.alias,
        "call_type": "audio" if room.conditions.sound_only else "video",
        "chat_enabled": True,
        "fecc_enabled": True,
        "guests_can_present": False,
        "rtmp_enabled": False,
        "rtsp_enabled": False,
        "analytics_enabled": False,
        "allow_1080p": False,
        "vp9_enabled": False,
        "trickle_ice_enabled": True,
        "route_via_registrar": False,
        "breakout_rooms": False,
        "direct_media": False,
        "use_relay_candidates_only": False,
        "turn": [],
        **(
            {"client_stats_update_interval": interval_ms}
            if (interval_ms := clinic.settings.statistics_every_ms)
            else {}
        ),
    }


async def refresh_token(visit: Visit) -> web.Response:
    token = visit.clinic.tokens.refresh(visit.request.headers.get("token", ""), visit.clinic.clock())
    return success({"token": token, "expires": str(visit.clinic.settings.token_lifetime_s), "role": visit.me.role})


async def release_token(request: web.Request) -> web.Response:
    me = participant_of(request, may_have_left=True)
    # A closing page sends its goodbye as a beacon, whose content type it cannot choose.
    body: Json = {} if request.query.get("token") else await read_object(request)
    take(body, "reason", str, "")
    request.app[CLINIC].release(me, REASON_LEFT)
    return success(True)


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"{BASE}/request_token", request_token),
        web.post(f"{BASE}/refresh_token", as_participant(refresh_token)),
        web.post(f"{BASE}/release_token", release_token),
    ]
