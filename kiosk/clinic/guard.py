"""Who may talk to the clinic: no foreign web page, and for the bench nobody from another machine."""

import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from .wire import Refusal, failure

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOCAL_PATHS = ("/bench", "/clinic/api")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
    "connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign requests with 403, before anything reads them."""
    problem = _problem(request)
    return failure(403, problem) if problem else await handler(request)


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(SECURITY_HEADERS)


@web.middleware
async def envelope(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal in the platform's envelope."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return failure(refusal.status, refusal.result)
    except web.HTTPException as error:
        return failure(error.status, f"{error.status} {error.reason}")


def _problem(request: web.Request) -> str | None:
    host = urlsplit(f"//{request.host}").hostname or ""
    # A name that a foreign page may have pointed at this machine (DNS rebinding) is not ours.
    if not _is_own_name(host):
        return f"Host {host} is not this clinic"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return "Other web pages may not use this clinic"
    opens_page = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and not opens_page:
        return "Other web pages may not use this clinic"
    if request.path.startswith(LOCAL_PATHS) and not _is_loopback(request.remote):
        return "The bench can be used on this machine only"
    return None


def _is_own_name(host: str) -> bool:
    if host == "localhost" or host.lower() == socket.gethostname().lower():
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(remote: str | None) -> bool:
    try:
        return ip_address(remote or "").is_loopback
    except ValueError:
        return False
