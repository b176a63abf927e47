"""Updates from beginning to end: the terminal's own unit asks a server over HTTPS, RAUC installs, the firmware tries,
the health check judges. Bad ones, bad servers, bad moments, and the plug pulled."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tests.card_bench.bundles import NEWER, Bundles
from tests.card_bench.server import Offer, UpdateServer
from tests.card_bench.table import Table
from tests.card_bench.terminal import UPDATE_S, Terminal, json_of

INDEX: Final = "/stable.json"
BUNDLE: Final = "/update.raucb"
NOT_OURS: Final = "update: the bundle is not ours, or was altered"
FREEZE: Final = """\
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
SEIZE, INTERRUPT = 0x4206, 0x4207
assert libc.ptrace(SEIZE, 1, None, None) == 0 and libc.ptrace(INTERRUPT, 1, None, None) == 0
time.sleep(600)
"""
"""Stops process 1, as a fault in it or in the kernel would: nothing is started, nothing feeds the watchdog."""
CUTS: Final = ((0.1, 0.0), (0.7, 0.0), (1.0, 0.0), (1.0, 2.0), (1.0, 5.0))
"""The plug is pulled when this part of the bundle has been sent, and so many seconds later: in the download, and while
it is being written onto the card."""
TIMER: Final = "[Timer]\nOnBootSec=\nOnBootSec=20s\nRandomizedDelaySec=0\nAccuracySec=1s\n"

NONE: Final = MappingProxyType[str, str]({})
NewTerminal = Callable[[Mapping[str, str]], Terminal]
"""With a fresh card, and with these drop-ins for its units."""


class Updates:
    """Each story begins with a fresh card."""

    def __init__(self, bundles: Bundles, server: UpdateServer, terminal: NewTerminal, table: Table) -> None:
        self._bundles = bundles
        self._server = server
        self._terminal = terminal
        self._row = table.row

    def _offered(self, offer: Offer, version: str = NEWER) -> Offer:
        """From now on the server has this one."""
        self._server.answers[INDEX] = json_of(version, BUNDLE.removeprefix("/"))
        self._server.offers[BUNDLE] = offer
        self._server.moved.clear()
        self._server.asked.clear()
        return offer

    @contextmanager
    def _up(self, drop_ins: Mapping[str, str] = NONE) -> Iterator[Terminal]:
        """A terminal that is up, and knows its server."""
        with self._terminal(drop_ins) as terminal:
            terminal.boot()
            terminal.knows_server(self._server.https + INDEX)
            yield terminal

    def refused_and_good(self) -> None:
        """Whatever must not get in does not; then, on the very same terminal, a good one does, over a bad line."""
        good = self._bundles.good
        self._offered(Offer(good))
        with self._up() as terminal:
            terminal.ready()
            other = terminal.digest("system_b")

            def tries(url: str | None = None) -> str:
                terminal.knows_server(url or self._server.https + INDEX)
                said = terminal.looks_for_update()
                left = terminal.left_behind()
                changed = "" if terminal.digest("system_b") == other else "; B was written to"
                return f"{said or 'nothing was said'}{changed}" + (f"; left behind {left}" if left else "")

            def asked(said: str) -> str:
                return f"{said}; the server was asked {len(self._server.asked)} times"

            def before_the_clock() -> str:
                said = tries()
                ran = terminal.does("systemctl show -P ConditionResult kiosk-update.service")
                return asked(f"{said}, condition {ran}")

            self._row(
                "nobody has set the clock",
                "nothing was said, condition no; the server was asked 0 times",
                before_the_clock,
            )
            terminal.knows_the_time()

            def near() -> str:
                terminal.has_appointment(90)
                said = tries().split(" until ")[0]
                terminal.has_appointment(None)
                return asked(said)

            self._row("an appointment in 90 minutes", "not now: busy; the server was asked 0 times", near)
            self._row(
                "an address of http",
                "update: an address is no https; the server was asked 0 times",
                lambda: asked(tries(self._server.http + INDEX)),
            )

            def moved() -> str:
                self._server.moved[INDEX] = f"{self._server.http}/elsewhere.json"
                self._server.answers["/elsewhere.json"] = json_of(NEWER, "update.raucb")
                said = tries()
                self._offered(Offer(good))
                return said

            self._row("a server that leads to http", "update: an address is no https", moved)

            def stranger() -> str:
                terminal.does("sed -i '/^ca/d' /persistent/kiosk/update.toml")
                return terminal.looks_for_update()

            terminal.knows_server(self._server.https + INDEX)
            self._row(
                "a server whose certificate nobody vouches for",
                "update: the server cannot be asked: its certificate is not trusted",
                stranger,
            )

            def offers(offer: Offer, version: str = NEWER) -> Callable[[], str]:
                def act() -> str:
                    self._offered(offer, version)
                    return tries()

                return act

            self._row("the version that runs", "update: nothing newer", offers(Offer(good), "0.1.0"))
            self._row("signed by a stranger", NOT_OURS, offers(Offer(self._bundles.foreign)))
            self._row("one bit of the signature changed", NOT_OURS, offers(Offer(good, flipped_at=-600)))
            self._row(
                "an older one that is called newer",
                "update: the bundle is version 0.0.1, not newer than this one, or failed before",
                offers(Offer(self._bundles.older)),
            )
            huge = 400_000_000_000
            self._row(
                "larger than the card",
                f"update: a bundle of {huge} bytes does not fit here",
                offers(Offer(good, said_bytes=huge)),
            )
            # Found while it is written, so the other system is spoilt; nothing ever starts it.
            self._row(
                "one bit of the system in it changed",
                "update: RAUC could not install it (1); B was written to",
                offers(Offer(good, flipped_at=good.stat().st_size // 2)),
            )

            def comes_at_last() -> str:
                offer = self._offered(Offer(good, cuts=2))
                terminal.knows_server(self._server.https + INDEX)
                if said := terminal.looks_for_update():
                    return said
                tried = terminal.restarts()
                slot = terminal.boot()
                failed = terminal.judged()
                version, left = terminal.version(), terminal.left_behind()
                terminal.cut_power()
                parts = sum(bool(part) for part in offer.asked)
                return (
                    f"went on {parts} times, {'tried' if tried else 'not tried'} in {slot}, {version}, "
                    f"failed before: {failed}, left {left}, then {terminal.boot()}"
                )

            self._row(
                "after all of these a good one, the line cut twice",
                f"went on 2 times, tried in b, {NEWER}, failed before: {NEWER}, left [], then b",
                comes_at_last,
            )

    def dead(self) -> None:
        """The new system comes up, and the terminal in it does not."""

        def act(terminal: Terminal) -> str:
            slot = terminal.is_tried()
            again = terminal.restarts()
            back = terminal.boot()
            failed = terminal.judged()
            terminal.ready()
            return f"tried in {slot}, {'again' if again else 'then'} {back}, failed {failed}, the terminal is up"

        self._one(
            "its terminal does not come up",
            "tried in b, then a, failed 9.0.0, the terminal is up",
            act,
            self._bundles.dead,
        )

    def empty(self) -> None:
        """The new kernel finds nothing to start."""

        def act(terminal: Terminal) -> str:
            slot = terminal.is_tried()
            terminal.says("Kernel panic", 60)
            terminal.cut_power()
            return f"tried in {slot}, then {terminal.boot()}, failed {terminal.judged()}"

        self._one("its kernel gives up", "tried in b, then a, failed 9.0.0", act, self._bundles.empty)

    def mute(self) -> None:
        """The new system hangs from its first moment, before anything guards it; somebody pulls the plug."""

        def act(terminal: Terminal) -> str:
            slot = terminal.is_tried()
            terminal.says("Run /sbin/init", 60)
            time.sleep(20)
            terminal.cut_power()
            return f"tried in {slot}, then {terminal.boot()}, failed {terminal.judged()}"

        self._one("it hangs at once; the plug is pulled", "tried in b, then a, failed 9.0.0", act, self._bundles.mute)

    def frozen(self) -> None:
        """The new system freezes while it is judged: the watchdog bites."""

        def act(terminal: Terminal) -> str:
            slot = terminal.is_tried()
            terminal.await_answer()
            terminal.does(f"systemd-run --quiet python3 -c '{FREEZE}'")
            again = terminal.restarts(120)
            return f"tried in {slot}, {'again' if again else 'then'} {terminal.boot()}, failed {terminal.judged()}"

        self._one("it freezes in its trial", "tried in b, then a, failed 9.0.0", act, self._bundles.good)

    def cut_while_it_comes(self) -> None:
        """The plug is pulled again and again, ever later in download and installation; at last it is left in."""

        def act(terminal: Terminal) -> str:
            slots, left = [], []
            size = self._bundles.good.stat().st_size
            for part, later_s in CUTS:
                terminal.ready()
                terminal.knows_the_time()
                offer = self._offered(Offer(self._bundles.good))
                terminal.starts_update()
                offer.wait_until_sent(int(part * size), UPDATE_S)
                time.sleep(later_s)
                terminal.cut_power()
                slots.append(terminal.boot())
                left += terminal.left_behind()
            slot = terminal.is_tried()
            terminal.await_answer()
            failed = terminal.judged()
            terminal.cut_power()
            return (
                f"{' '.join(slots)}, left {left}, then tried in {slot}, failed {failed or '-'}, then {terminal.boot()}"
            )

        self._one(
            f"the plug pulled {len(CUTS)} times while it comes",
            f"{' '.join('a' for _ in CUTS)}, left [], then tried in b, failed -, then b",
            act,
            self._bundles.good,
        )

    def cut_while_tried(self) -> None:
        """The plug is pulled while the new system is on trial: the old one, and the new one gets another night."""

        def act(terminal: Terminal) -> str:
            slot = terminal.is_tried()
            terminal.await_answer()
            terminal.cut_power()
            back = terminal.boot()
            failed = terminal.judged()
            again = terminal.is_tried()
            terminal.await_answer()
            terminal.judged()
            terminal.cut_power()
            return f"tried in {slot}, then {back}, failed {failed}; tried again in {again}, then {terminal.boot()}"

        self._one(
            "the plug pulled in its trial",
            "tried in b, then a, failed 9.0.0; tried again in b, then b",
            act,
            self._bundles.good,
        )

    def by_itself(self) -> None:
        """Nobody starts anything: the timer does, sooner than it would."""
        self._offered(Offer(self._bundles.good))

        def act() -> str:
            with self._up({"kiosk-update.timer": TIMER}) as terminal:
                terminal.ready()
                terminal.knows_the_time()
                return f"{'tried' if terminal.restarts(UPDATE_S) else 'not tried'} in {terminal.switch_on()}"

        self._row("the timer alone", "tried in b", act)

    def _one(self, what: str, expected: str, act: Callable[[Terminal], str], bundle: Path) -> None:
        self._offered(Offer(bundle))

        def found() -> str:
            with self._up() as terminal:
                return act(terminal)

        self._row(what, expected, found)
