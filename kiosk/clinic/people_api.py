"""The client API's commands of a host that say more than one word: role, transfer, steering somebody's camera."""

from aiohttp import web

from .client_api import BASE, Visit, addressee, as_participant, must_be_host
from .participant import Role
from .wire import Json, Refusal, read_object, success, take, take_choice

ROLES: dict[str, Role] = {"chair": "HOST", "host": "HOST", "guest": "GUEST"}
DIRECTIONS = {"pan": ("left", "right"), "tilt": ("up", "down"), "zoom": ("in", "out")}
STEERING_LIMIT_MS = 10_000


async def change_role(visit: Visit) -> web.Response:
    body = await read_object(visit.request)
    must_be_host(visit)
    other = addressee(visit)
    other.role = ROLES[take_choice(body, "role", ("chair", "guest"))]
    visit.room.changed()
    return success(True)


async def transfer(visit: Visit) -> web.Response:
    """Send somebody to another room of this clinic."""
    body = await read_object(visit.request)
    must_be_host(visit)
    other = addressee(visit)
    role = ROLES[take_choice(body, "role", ("host", "guest"))]
    alias = take(body, "conference_alias", str)
    take(body, "pin", str, "")
    if alias not in visit.clinic.rooms or alias == other.alias or other.is_recorder:
        raise Refusal(403, "transfer failed")
    visit.clinic.refer(other, alias, role)
    return success(True)


def read_steering(body: Json) -> Json:
    """A checked `fecc` body as the event that its target gets."""
    event: Json = {"action": take_choice(body, "action", ("start", "continue", "stop"))}
    movement = take(body, "movement", list, [])
    for part in movement:
        if not isinstance(part, dict) or part.get("direction") not in DIRECTIONS.get(str(part.get("axis")), ()):
            raise Refusal(400, "movement must be a list of axis (pan, tilt, zoom) and its direction")
    event["movement"] = [{"axis": part["axis"], "direction": part["direction"]} for part in movement]
    event["timeout"] = take(body, "timeout", int, 1000)
    if not 0 <= event["timeout"] <= STEERING_LIMIT_MS:
        raise Refusal(400, f"timeout must be 0 to {STEERING_LIMIT_MS} ms")
    return event


async def steer_camera(visit: Visit) -> web.Response:
    body = await read_object(visit.request)
    must_be_host(visit)
    other = addressee(visit)
    take(body, "target", str, other.uuid)
    event = read_steering(body)
    if not other.has_camera_control or other.stream is None:
        raise Refusal(403, "Far-end camera control is not supported")
    other.stream.post("fecc", event)
    return success(True)


async def let_guests_unmute(visit: Visit) -> web.Response:
    body = await read_object(visit.request)
    must_be_host(visit)
    visit.room.conditions.guests_can_unmute = take(body, "setting", bool)
    visit.room.changed()
    return success(True)


def routes() -> list[web.RouteDef]:
    person = f"{BASE}/participants/{{uuid}}"
    return [
        web.post(f"{person}/role", as_participant(change_role)),
        web.post(f"{person}/transfer", as_participant(transfer)),
        web.post(f"{person}/fecc", as_participant(steer_camera)),
        web.post(f"{BASE}/set_guests_can_unmute", as_participant(let_guests_unmute)),
    ]
