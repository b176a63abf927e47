"""One page of Chromium in which the vendor's own client runs, served as if the clinic had it."""

import math
from collections.abc import Callable
from typing import Any, Final, TypeVar

from playwright.sync_api import BrowserContext, Error, Page, Route

from tests.whole import product

PAGE: Final = """<!doctype html><meta charset="utf-8"><title>vendor</title>
<video id="remote" autoplay muted playsinline></video><video id="slides" autoplay muted playsinline></video>
<script src="/vendor/client.js"></script>"""
TOLERANCE: Final = 40
HEARD_DB: Final = -55.0

Rgb = tuple[int, int, int]
T = TypeVar("T")

PATIENCE_S: Final = 45.0
"""A browser on a busy machine takes its time."""


def until(what: str, look: Callable[[], T | None], within_s: float = PATIENCE_S) -> T:
    """The first value of `look` that is true; fails with what was hoped for."""
    return product.until(what, look, within_s)


class VendorClient:
    """The vendor's client, worked from outside. Every call that waits fails with what was hoped for."""

    def __init__(self, context: BrowserContext, url: str, script: str) -> None:
        def serve(route: Route) -> None:
            is_script = route.request.url.endswith(".js")
            route.fulfill(
                body=script if is_script else PAGE,
                content_type="text/javascript" if is_script else "text/html",
            )

        self.page: Page = context.new_page()
        self.crashes: list[str] = []
        self.page.on("pageerror", lambda error: self.crashes.append(str(error)))
        self.page.route(f"{url}/vendor/**", serve)
        self.page.goto(f"{url}/vendor/")
        self.name = ""
        self.expected = ""
        """What the client may complain of, in a test that gives it reason to."""

    def do(self, script: str, value: Any = None) -> Any:
        """Evaluate JavaScript in which `vendor` is ours and `value` is given."""
        return self.page.evaluate(f"value => {script}", value)

    def join(self, alias: str, name: str, **options: Any) -> tuple[int, Any]:
        """request_token and, if it lets us in, events and call; the answer's status and result."""
        self.name = name
        status, result = self.do("vendor.join(value)", {"alias": alias, "name": name, **options})
        return status, result

    def enter(self, alias: str, name: str, **options: Any) -> "VendorClient":
        """Join, and fail when that is refused."""
        status, result = self.join(alias, name, **options)
        assert status == 200, (status, result)
        return self

    def uuid_of(self, name: str) -> str:
        """The participant with this name, once he is in my roster."""
        return str(until(f"{self.name} sees {name} in the roster", lambda: self.person(name))["uuid"])

    def person(self, name: str) -> dict[str, Any] | None:
        """One of the roster, in the vendor's words; None if he is not there."""
        person: dict[str, Any] | None = self.do("vendor.person(value)", name)
        return person

    def names(self) -> list[str]:
        """The roster."""
        return sorted(person["displayName"] for person in self.do("vendor.people()"))

    def last(self, signal: str) -> Any:
        """What this signal said last; None if nothing."""
        return self.do("vendor.last(value)", signal)

    def times(self, signal: str) -> int:
        """How often this signal came."""
        return int(self.do("vendor.times(value)", signal))

    def requested(self, ending: str) -> int:
        """How many requests had a path with this ending."""
        return sum(path.endswith(ending) for path in self.do("vendor.requests"))

    def awaits(self, signal: str, within_s: float = PATIENCE_S) -> Any:
        """Wait until this signal has come; what it said last."""
        until(f"{self.name} hears of {signal}", lambda: self.times(signal), within_s)
        return self.last(signal)

    def shows(self, rgb: Rgb, video: str = "remote") -> bool:
        """The picture has this colour now."""
        seen = self.do("vendor.sees(value)", video)
        return seen is not None and bool(math.dist(seen, rgb) < TOLERANCE)

    def sees(self, rgb: Rgb, video: str = "remote", within_s: float = PATIENCE_S) -> None:
        """Wait for a picture of this colour."""
        until(f"{self.name} sees {rgb} as {video}", lambda: self.shows(rgb, video), within_s)

    def hears(self, hz: float, within_s: float = PATIENCE_S) -> None:
        """Wait for this tone."""

        def heard() -> bool:
            frequency, level_db = self.do("vendor.hears()")
            return bool(abs(frequency - hz) < 12 and level_db > HEARD_DB)

        until(f"{self.name} hears {hz} Hz", heard, within_s)

    def hears_nothing(self, within_s: float = PATIENCE_S) -> None:
        """Wait for silence."""
        until(f"{self.name} hears nothing", lambda: self.do("vendor.hears()")[1] < HEARD_DB, within_s)

    def moves(self, video: str = "remote") -> bool:
        """Pictures have come since this was asked last."""
        script = """(() => {
            const element = document.getElementById(value);
            const frames = element.getVideoPlaybackQuality().totalVideoFrames, before = element.before ?? frames;
            element.before = frames;
            return frames > before;
        })()"""
        return bool(self.do(script, video))

    def leave(self) -> None:
        """Hang up as the vendor's web app does."""
        self.do("vendor.client.disconnect({reason: 'User initiated disconnect'})")

    def problems(self) -> list[str]:
        """What the client holds against the server: errors it has logged or thrown, validation errors among them."""
        try:
            said = [*self.crashes, *self.do("vendor.problems")]
        except Error as error:
            said = [*self.crashes, str(error)]
        return [problem for problem in said if not self.expected or self.expected not in problem]
