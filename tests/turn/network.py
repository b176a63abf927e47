"""A hospital's network in miniature: two network namespaces, a cable between them, and a firewall that lets through
what a test allows. The clinic's side runs a real coturn and the far end of the call."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from tests import namespaces
from tests.namespaces import enter, run

T = TypeVar("T")

CLINIC_ADDRESS = "10.77.0.1"
TERMINAL_ADDRESS = "10.77.0.2"


def missing() -> str | None:
    """Why these tests cannot run here; None when they can."""
    return namespaces.missing(("turnserver", "coturn"))


class Network:
    """Made and taken down by root."""

    def __init__(self) -> None:
        self.clinic, self.terminal = (f"kiosk-turn-{side}-{os.getpid()}" for side in ("clinic", "terminal"))
        for name in (self.clinic, self.terminal):
            run("ip", "netns", "add", name)
        run("ip", "-n", self.clinic, "link", "add", "cable", "type", "veth", "peer", "cable", "netns", self.terminal)
        for name, address in ((self.clinic, CLINIC_ADDRESS), (self.terminal, TERMINAL_ADDRESS)):
            run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "cable")
            for link in ("cable", "lo"):
                run("ip", "-n", name, "link", "set", link, "up")

    def allow(self, *rules: str) -> None:
        """From now on only this comes through the cable to the clinic (nftables' matches); the rest is dropped
        without a word."""
        accepted = "".join(f"iifname cable {rule} accept\n" for rule in rules)
        table = f"""flush ruleset
            table inet firewall {{
                chain input {{
                    type filter hook input priority 0
                    {accepted}
                    iifname cable meta l4proto {{ tcp, udp }} drop
                }}
            }}"""
        run("ip", "netns", "exec", self.clinic, "nft", "-f", "-", stdin=table)

    def close(self) -> None:
        for name in (self.clinic, self.terminal):
            run("ip", "netns", "delete", name)


class Place:
    """A thread with a loop of its own in one of the namespaces."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._begun: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=self._work, name=namespace)
        self._thread.start()
        self.loop = self._begun.result()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns; from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def _work(self) -> None:
        try:
            enter(self._namespace)
            loop = asyncio.new_event_loop()
        except OSError as error:
            self._begun.set_exception(error)
            return
        self._begun.set_result(loop)
        loop.run_forever()
