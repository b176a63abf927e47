"""What a terminal shows to those who are on the same network: its own tables of sockets, and every port tried."""

import asyncio
import errno
import select
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.card_bench.table import Table
from tests.card_bench.terminal import Terminal
from tests.card_bench.updates import NONE, NewTerminal
from tests.device_bench.host import BenchFailed
from tests.device_bench.line import HOST_END
from tests.device_bench.transcript import until

PORTS: Final = range(1, 65536)
AT_ONCE: Final = 400
ANSWER_S: Final = 2.0
TRIES: Final = 4
LEFT_OPEN: Final = "TCP 4711, UDP 4712"
DOORS: Final = """\
import socket, time
doors = [socket.create_server(("::", 4711), family=socket.AF_INET6, dualstack_ipv6=True)]
doors.append(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
doors[1].bind(("::", 4712))
time.sleep(3600)
"""
BABBLE: Final = """\
cd /proc/sys/net
echo 0 >ipv4/icmp_ratelimit
echo 1000000 >ipv4/icmp_msgs_per_sec
echo 0 >ipv6/icmp/ratelimit
"""
"""It answers each refused packet, so that one without an answer means an open port."""
LISTENS, UNCONNECTED = "0A", "07"
Address = Callable[[int], tuple[object, ...]]
"""A port's, as sockets want it."""


class Outside:
    """One story."""

    def __init__(self, terminal: NewTerminal, leases: Path, table: Table) -> None:
        """`leases`: where the network's server writes what addresses it gave."""
        self._terminal = terminal
        self._leases = leases
        self._row = table.row

    def nothing_listens(self) -> None:
        """And the same looks find what does."""
        with self._terminal(NONE) as terminal:
            terminal.boot()
            terminal.ready()
            v4 = until("it has an address", lambda: _leased(self._leases), 60)
            v6 = until("it has a local address", lambda: _link_local(terminal), 60)
            self._row("sockets that listen, by its kernel's tables", "none", lambda: _listening(terminal))
            terminal.does(BABBLE)
            self._row(
                "65,535 ports of TCP and of UDP over IPv4",
                "none",
                lambda: scan(socket.AF_INET, lambda port: (v4, port)),
            )
            end = socket.if_nametoindex(HOST_END)
            self._row("the same over IPv6", "none", lambda: scan(socket.AF_INET6, lambda port: (v6, port, 0, end)))
            terminal.does(f"systemd-run --quiet python3 -c '{DOORS}'")
            until("its doors are open", lambda: _listening(terminal) != "none", 30)
            self._row("the tables, two doors left open", LEFT_OPEN, lambda: _listening(terminal))
            self._row(
                "the ports over IPv4, two doors left open",
                LEFT_OPEN,
                lambda: scan(socket.AF_INET, lambda port: (v4, port)),
            )
            self._row(
                "the ports over IPv6, two doors left open",
                LEFT_OPEN,
                lambda: scan(socket.AF_INET6, lambda port: (v6, port, 0, end)),
            )


def scan(family: socket.AddressFamily, address: Address) -> str:
    """Every port tried from here; what is open, or "none"."""
    tcp = [f"TCP {port}" for port in asyncio.run(_tcp(family, address))]
    udp = [f"UDP {port}" for port in _udp(family, address)]
    return ", ".join(tcp + udp) or "none"


async def _tcp(family: socket.AddressFamily, address: Address) -> list[int]:
    loop, limit = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)

    async def is_open(port: int) -> bool:
        async with limit:
            with socket.socket(family, socket.SOCK_STREAM) as door:
                door.setblocking(False)
                try:
                    await asyncio.wait_for(loop.sock_connect(door, address(port)), ANSWER_S * TRIES)
                except ConnectionRefusedError:
                    return False
                # No answer at all is no refusal: it counts as open.
                except TimeoutError:
                    return True
                return True

    answers = await asyncio.gather(*(is_open(port) for port in PORTS))
    return [port for port, answer in zip(PORTS, answers, strict=True) if answer]


def _udp(family: socket.AddressFamily, address: Address) -> list[int]:
    """Those from which no refusal comes, asked several times."""
    left = list(PORTS)
    for _ in range(TRIES):
        left = [port for batch in _batches(left) for port in _not_refused(family, address, batch)]
    return left


def _batches(ports: list[int]) -> Iterator[list[int]]:
    yield from (ports[begin : begin + AT_ONCE] for begin in range(0, len(ports), AT_ONCE))


def _not_refused(family: socket.AddressFamily, address: Address, ports: list[int]) -> list[int]:
    waiting: dict[int, tuple[socket.socket, int]] = {}
    poll = select.poll()
    try:
        for port in ports:
            door = socket.socket(family, socket.SOCK_DGRAM)
            door.connect(address(port))
            waiting[door.fileno()] = (door, port)
            poll.register(door, select.POLLERR)
            door.send(b"\0")
        deadline_s = time.monotonic() + ANSWER_S
        while waiting and (left_s := deadline_s - time.monotonic()) > 0:
            for number, _ in poll.poll(left_s * 1000):
                door, port = waiting[number]
                error = door.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error != errno.ECONNREFUSED:
                    raise BenchFailed(f"port {port}: {errno.errorcode.get(error, error)}")
                poll.unregister(door)
                del waiting[number]
                door.close()
        return [port for _, port in waiting.values()]
    finally:
        for door, _ in waiting.values():
            door.close()


def _listening(terminal: Terminal) -> str:
    """By /proc/net: what listens, and what takes packets from anybody; loopback counts too."""
    found = set()
    for kind, state in (("tcp", LISTENS), ("udp", UNCONNECTED)):
        for line in terminal.does(f"tail -q -n +2 /proc/net/{kind} /proc/net/{kind}6").splitlines():
            _, local, _, at = line.split()[:4]
            if at == state:
                found.add(f"{kind.upper()} {int(local.rsplit(':', 1)[1], 16)}")
    return ", ".join(sorted(found)) or "none"


def _leased(leases: Path) -> str:
    lines = leases.read_text().splitlines() if leases.exists() else []
    return lines[-1].split()[2] if lines else ""


def _link_local(terminal: Terminal) -> str:
    """Its address on the cable; "" before it has tried it out."""
    for line in terminal.does("cat /proc/net/if_inet6").splitlines():
        digits, *_, flags, name = line.split()
        if digits.startswith("fe80") and name != "lo" and not int(flags, 16) & 0x40:
            return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))
    return ""
