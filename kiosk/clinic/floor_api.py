"""The client API's slides and captions: taking and giving up the floor, wanting to read what is said."""

from aiohttp import web

from .client_api import BASE, Visit, as_participant, must_be_host, must_be_me
from .wire import Refusal, read_object, success


async def take_floor(visit: Visit) -> web.Response:
    await read_object(visit.request)
    must_be_me(visit)
    must_be_host(visit)
    visit.room.take_floor(visit.me, visit.clinic.clock())
    return success(None)


async def release_floor(visit: Visit) -> web.Response:
    await read_object(visit.request)
    must_be_me(visit)
    visit.room.release_floor(visit.me)
    return success(None)


async def show_live_captions(visit: Visit) -> web.Response:
    return await _want_captions(visit, wanted=True)


async def hide_live_captions(visit: Visit) -> web.Response:
    return await _want_captions(visit, wanted=False)


async def _want_captions(visit: Visit, *, wanted: bool) -> web.Response:
    await read_object(visit.request)
    must_be_me(visit)
    if wanted and not visit.room.conditions.captions:
        raise Refusal(403, "Live captions are not available")
    visit.me.wants_captions = wanted
    visit.room.changed()
    return success(None)


def routes() -> list[web.RouteDef]:
    me = f"{BASE}/participants/{{uuid}}"
    return [
        web.post(f"{me}/take_floor", as_participant(take_floor)),
        web.post(f"{me}/release_floor", as_participant(release_floor)),
        web.post(f"{me}/show_live_captions", as_participant(show_live_captions)),
        web.post(f"{me}/hide_live_captions", as_participant(hide_live_captions)),
    ]
