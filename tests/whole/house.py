"""A patient's house in miniature: a terminal with Wi-Fi and a cable, a router, and beyond it the clinic.

    terminal  --wifi--   router  --outside--  clinic, with the clinician's browser and this test
              --cable--

Each is a network namespace of its own, so every address is one that was made here.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.namespaces import inside, run
from tests.whole.call import UNSEEN_S, Call
from tests.whole.clinician import chromium_page
from tests.whole.product import Clinic, Terminal, no_secrets
from tests.whole.tls_door import Door, TlsDoor

CLINIC_ADDRESS: Final = "10.78.0.2"
NETS: Final = {"outside": "10.78.0", "wifi": "10.78.1", "cable": "10.78.2"}
METRICS: Final = {"wifi": 600, "cable": 100}
"""The cable is preferred where both are up, as network managers have it."""

LOAN: Final = """
[network]
driver = "linux"
[rooms.pexip]
ca_file = "{certificate}"
"""


class House:
    """With Wi-Fi up, and no cable in it."""

    def __init__(self) -> None:
        self.terminal, self.router, self.clinic = (
            f"kiosk-house-{place}-{os.getpid()}" for place in ("terminal", "router", "clinic")
        )
        for name in (self.terminal, self.router, self.clinic):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        for link, net in NETS.items():
            place = self.clinic if link == "outside" else self.terminal
            run("ip", "-n", self.router, "link", "add", link, "type", "veth", "peer", link, "netns", place)
            run("ip", "-n", self.router, "address", "add", f"{net}.1/24", "dev", link)
            run("ip", "-n", place, "link", "set", link, "up")
        with inside(self.router):
            Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        run("ip", "-n", self.router, "link", "set", "outside", "up")
        run("ip", "-n", self.clinic, "address", "add", f"{CLINIC_ADDRESS}/24", "dev", "outside")
        run("ip", "-n", self.clinic, "route", "add", "default", "via", f"{NETS['outside']}.1")
        self._hosts = 1
        self.plug_in("wifi")

    def plug_in(self, link: str) -> None:
        """The link is there, and soon has an address of its own and a way out."""
        run("ip", "-n", self.router, "link", "set", link, "up")
        self._give_address(link)

    def pull_out(self, link: str) -> None:
        """The link is gone, and with it its address, as the machine's network service sees to."""
        run("ip", "-n", self.router, "link", "set", link, "down")
        self._take_address(link)

    def change_address(self, link: str) -> None:
        """Another one from the same router, as after a lease that was not renewed."""
        self._take_address(link)
        self._give_address(link)

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Meanwhile nothing gets through, either way, and nobody is told."""
        silence = """table inet silence {
            chain forward {
                type filter hook forward priority 0; policy drop;
            }
        }"""
        self._rule(silence)
        try:
            yield
        finally:
            self._rule("delete table inet silence")

    def close(self) -> None:
        """Everything in it must have ended."""
        for name in (self.terminal, self.router, self.clinic):
            run("ip", "netns", "delete", name)

    def _rule(self, rules: str) -> None:
        run("ip", "netns", "exec", self.router, "nft", "-f", "-", stdin=rules)

    def _give_address(self, link: str) -> None:
        self._hosts += 1
        net = NETS[link]
        run("ip", "-n", self.terminal, "address", "add", f"{net}.{self._hosts}/24", "dev", link)
        way = ("default", "via", f"{net}.1", "dev", link, "metric", str(METRICS[link]))
        run("ip", "-n", self.terminal, "route", "add", *way)

    def _take_address(self, link: str) -> None:
        run("ip", "-n", self.terminal, "address", "flush", "dev", link)


@contextmanager
def call_from_house(
    folder: Path, *, within: tuple[str, ...] = (), unseen_s: float = UNSEEN_S
) -> Iterator[tuple[Call, House]]:
    """A consultation between the clinic and a terminal in such a house, as root; this thread is with the clinic
    meanwhile. `within` is a command that runs the terminal in its place; a gap in pictures that is shorter than
    `unseen_s` is none."""
    with ExitStack() as closing:
        house = House()
        closing.callback(house.close)
        closing.enter_context(inside(house.clinic))
        clinic = Clinic(folder, "--auto-admit")
        closing.callback(lambda: no_secrets(clinic.close()))
        port = int(clinic.url.rsplit(":", 1)[1])
        front = TlsDoor(folder, port, CLINIC_ADDRESS)
        closing.callback(front.close)
        with inside(house.terminal):
            # Simulated hardware is worked over the loopback alone, and each place has one of its own.
            listening = socket.create_server(("127.0.0.1", port))
        bench = Door(listening, port)
        closing.callback(bench.close)
        page: Page = closing.enter_context(chromium_page(folder))
        terminal = Terminal(
            folder,
            clinic,
            extra=LOAN.format(certificate=front.certificate),
            within=("ip", "netns", "exec", house.terminal, *within),
        )
        closing.callback(lambda: no_secrets(terminal.close()))
        call = Call(clinic, terminal, page, unseen_s)
        closing.callback(call.watch.stop)
        call.begin(host=f"https://{CLINIC_ADDRESS}:{front.port}")
        yield call, house
