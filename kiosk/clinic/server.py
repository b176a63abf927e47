"""The clinic's web server."""

import asyncio
import contextlib
import errno
import socket
from dataclasses import dataclass

from aiohttp import web

from . import (
    bench_api,
    call_api,
    client_api,
    control_api,
    fault_api,
    floor_api,
    owner_api,
    pages,
    people_api,
    token_api,
)
from .bench import Bench
from .clinic import Clinic
from .guard import add_security_headers, envelope, guard
from .reel import prepare
from .settings import ClinicSettings

BODY_LIMIT = 256 * 1024
SHUTDOWN_LIMIT_S = 1.0


class PortTakenError(OSError):
    """Somebody else listens at this address."""


@dataclass(frozen=True)
class RunningClinic:
    """A clinic that serves. `close` is idempotent; afterwards nothing of it is left."""

    port: int
    url: str
    clinic: Clinic
    _bench: Bench
    _runner: web.AppRunner

    async def close(self) -> None:
        self._bench.close()
        await self.clinic.close()
        await self._runner.cleanup()


async def serve(settings: ClinicSettings) -> RunningClinic:
    """Start a clinic on the running loop. Raises PortTakenError or OSError when it cannot listen."""
    listener = _listen(settings)
    await asyncio.to_thread(prepare, {room.codec or settings.codec for room in settings.rooms})
    clinic, bench, open_requests = Clinic(settings), Bench(), fault_api.OpenRequests()
    clinic.faults.on_cut = open_requests.break_all
    app = web.Application(middlewares=[guard, envelope, open_requests.middleware], client_max_size=BODY_LIMIT)
    app[client_api.CLINIC] = clinic
    app[bench_api.BENCH] = bench
    parts = (
        token_api,
        client_api,
        call_api,
        control_api,
        people_api,
        floor_api,
        fault_api,
        owner_api,
        bench_api,
        pages,
    )
    for part in parts:
        app.add_routes(part.routes())
    app.on_response_prepare.append(add_security_headers)
    # A reader who has gone is noticed at once: his handler is cancelled.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_LIMIT_S)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    port: int = listener.getsockname()[1]
    host = f"[{settings.listen}]" if ":" in settings.listen else settings.listen
    return RunningClinic(port, f"http://{host}:{port}", clinic, bench, runner)


def _listen(settings: ClinicSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.listen else socket.AF_INET
    with contextlib.ExitStack() as on_error:
        listener = on_error.enter_context(socket.socket(family, socket.SOCK_STREAM))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.listen, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTakenError(f"port {settings.port} at {settings.listen} is taken by another program") from None
            raise OSError(f"cannot listen at {settings.listen} port {settings.port}: {error.strerror}") from None
        listener.setblocking(False)
        on_error.pop_all()
        return listener
