"""A DNS server on loopback that knows the SRV records it is given."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

Records = Mapping[str, Sequence[str]]
"""Name with its last dot -> records, such as "10 5 443 node.example.org."."""


@dataclass
class NameServer:
    """Questions it got, and a resolver that asks it."""

    port: int
    asked: list[str] = field(default_factory=list)

    def resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self.port
        return resolver


@contextmanager
def name_server(records: Records, *, silent: bool = False) -> Iterator[NameServer]:
    """Serves until the end of the block; a silent one takes questions and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        serving = NameServer(sock.getsockname()[1])

        def answer() -> None:
            while (received := sock.recvfrom(4096))[0] != b"stop":
                query = dns.message.from_wire(received[0])
                name = query.question[0].name.to_text().lower()
                serving.asked.append(name)
                if silent:
                    continue
                reply = dns.message.make_response(query)
                reply.flags |= dns.flags.RA
                if name in records:
                    reply.answer.append(dns.rrset.from_text_list(name, 60, "IN", "SRV", records[name]))
                else:
                    reply.set_rcode(dns.rcode.NXDOMAIN)
                sock.sendto(reply.to_wire(), received[1])

        thread = threading.Thread(target=answer, name="name-server")
        thread.start()
        try:
            yield serving
        finally:
            sock.sendto(b"stop", sock.getsockname())
            thread.join(5)
