"""The platform's envelope, its refusals, and a strict reading of request bodies."""

import json
from typing import Any, TypeVar

from aiohttp import web

Json = dict[str, Any]
T = TypeVar("T")
_REQUIRED: Any = object()


class Refusal(Exception):
    """A request that is answered with an error status and this `result`."""

    def __init__(self, status: int, result: str | Json) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.result = result


def success(result: object) -> web.Response:
    return web.json_response({"status": "success", "result": result})


def failure(status: int, result: str | Json) -> web.Response:
    # The platform answers questions (PIN, name) as `success` with status 403.
    word = "failed" if isinstance(result, str) else "success"
    return web.json_response({"status": word, "result": result}, status=status)


async def read_object(request: web.Request) -> Json:
    """The request's JSON object; an empty body is an empty object. Refuses everything else with 400 or 415."""
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise Refusal(415, f"Content-Type must be application/json, not {request.content_type}")
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(415, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    return body


def _refuse_constant(name: str) -> None:
    """Python would read NaN and Infinity, which are not JSON."""
    raise ValueError(name)


_NAMES: dict[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dict: "an object",
    list: "a list",
}


def take(body: Json, name: str, kind: type[T], default: T = _REQUIRED) -> T:
    """One typed field of a body; refuses a missing or wrongly typed one with 400, naming it."""
    if name not in body:
        if default is _REQUIRED:
            raise Refusal(400, f"{name} is missing")
        return default
    value = body[name]
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise Refusal(400, f"{name} must be {_NAMES[kind]}")
    return value


def take_choice(body: Json, name: str, choices: tuple[str, ...], default: str = _REQUIRED) -> str:
    value = take(body, name, str, default)
    if value not in choices:
        raise Refusal(400, f"{name} must be one of {', '.join(choices)}")
    return value
