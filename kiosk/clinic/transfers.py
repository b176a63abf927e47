"""Tickets for people whom a host sends to another room."""

import secrets
from dataclasses import dataclass

from .participant import Role

TICKET_LIFETIME_S = 60.0


@dataclass(frozen=True)
class _Ticket:
    alias: str
    role: Role
    expires_at: float


class TransferBook:
    """One-time tokens, each for one room. Times are monotonic seconds, handed in by the caller."""

    def __init__(self) -> None:
        self._tickets: dict[str, _Ticket] = {}

    def issue(self, alias: str, role: Role, now: float) -> str:
        self._tickets = {token: ticket for token, ticket in self._tickets.items() if now < ticket.expires_at}
        token = secrets.token_urlsafe(32)
        self._tickets[token] = _Ticket(alias, role, now + TICKET_LIFETIME_S)
        return token

    def redeem(self, token: str, alias: str, now: float) -> Role | None:
        """The role that this token gives in this room; None for a wrong, used or old one."""
        ticket = self._tickets.pop(token, None)
        return ticket.role if ticket and ticket.alias == alias and now < ticket.expires_at else None
