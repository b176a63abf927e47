"""The pages for people: plain files, nothing to build."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
PAGES = {"/": "index.html", "/clinician": "clinician.html", "/bench": "bench.html"}


def _page(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / name, headers={"Cache-Control": "no-cache"})

    return handler


def routes() -> list[web.RouteDef | web.StaticDef]:
    return [*(web.get(path, _page(name)) for path, name in PAGES.items()), web.static("/static", FOLDER)]
