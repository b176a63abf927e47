"""The client API's calls: offer and answer, candidates, the start and the end of media."""

from aiohttp import web

from .call import Call, CandidateError
from .client_api import BASE, Visit, as_participant, must_be_me, visit_of
from .offer import OfferError
from .wire import Refusal, read_object, success, take, take_choice

CALLS = f"{BASE}/participants/{{uuid}}/calls"
MEDIA_TYPES = ("video", "video-only", "audio")
STREAMS = ("audio", "video", "presentation")


def _my_call(visit: Visit) -> Call:
    must_be_me(visit)
    call = visit.clinic.stages[visit.me.alias].call_of(visit.me)
    if call is None or call.uuid != visit.request.match_info["call"]:
        raise Refusal(404, "Call not found")
    return call


async def calls(visit: Visit) -> web.Response:
    must_be_me(visit)
    body = await read_object(visit.request)
    take_choice(body, "call_type", ("WEBRTC",))
    sdp = take(body, "sdp", str)
    media_type = take_choice(body, "media_type", MEDIA_TYPES, "video")
    visit.me.has_camera_control = take(body, "fecc_supported", bool, False)
    slides_in_main = take_choice(body, "present", ("", "main", "send", "receive"), "") == "main"
    try:
        call, answer = await visit.clinic.place_call(visit.me, sdp, media_type, slides_in_main=slides_in_main)
    except OfferError as error:
        raise Refusal(400, f"Offer {error}") from None
    return success({"call_uuid": call.uuid, "sdp": answer})


async def update(visit: Visit) -> web.Response:
    call = _my_call(visit)
    body = await read_object(visit.request)
    sdp = take(body, "sdp", str)
    take(body, "fecc_supported", bool, False)
    try:
        return success(await visit.clinic.update_call(visit.me, call, sdp))
    except OfferError as error:
        raise Refusal(400, f"Offer {error}") from None


async def ack(visit: Visit) -> web.Response:
    call = _my_call(visit)
    take(await read_object(visit.request), "sdp", str, "")
    call.start()
    return success(True)


async def new_candidate(visit: Visit) -> web.Response:
    call = _my_call(visit)
    body = await read_object(visit.request)
    line = take(body, "candidate", str)
    take(body, "mid", str)
    take(body, "ufrag", str, "")
    take(body, "pwd", str, "")
    try:
        await call.add_candidate(line)
    except CandidateError as error:
        raise Refusal(400, str(error)) from None
    return success(None)


async def statistics(visit: Visit) -> web.Response:
    _my_call(visit)
    body = await read_object(visit.request)
    for stream in STREAMS:
        for name, value in take(body, stream, dict, {}).items():
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise Refusal(400, f"{stream}.{name} must be a number or a string")
    return success(None)


async def disconnect_call(request: web.Request) -> web.Response:
    """Also answers somebody who has just been disconnected and tidies up."""
    visit = visit_of(request, may_have_left=True)
    if not visit.me.removed:
        _my_call(visit)
        visit.clinic.end_call(visit.me)
    return success(None)


def routes() -> list[web.RouteDef]:
    return [
        web.post(CALLS, as_participant(calls)),
        web.post(f"{CALLS}/{{call}}/update", as_participant(update)),
        web.post(f"{CALLS}/{{call}}/ack", as_participant(ack)),
        web.post(f"{CALLS}/{{call}}/new_candidate", as_participant(new_candidate)),
        web.post(f"{CALLS}/{{call}}/statistics", as_participant(statistics)),
        web.post(f"{CALLS}/{{call}}/disconnect", disconnect_call),
    ]
