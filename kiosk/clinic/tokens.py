"""Who a token stands for, and until when."""

import secrets
from dataclasses import dataclass

OVERLAP_S = 5.0
"""A refreshed token is still good for requests that were already under way."""


@dataclass
class _Entry:
    participant_uuid: str
    expires_at: float


class TokenBook:
    """Tokens of all rooms. Times are monotonic seconds, handed in by the caller."""

    def __init__(self, lifetime_s: float) -> None:
        self._lifetime_s = lifetime_s
        self._entries: dict[str, _Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def issue(self, participant_uuid: str, now: float) -> str:
        token = secrets.token_urlsafe(32)
        self._entries[token] = _Entry(participant_uuid, now + self._lifetime_s)
        return token

    def refresh(self, token: str, now: float) -> str:
        """A new token for the same participant; the old one ends after a short overlap."""
        old = self._entries[token]
        old.expires_at = min(old.expires_at, now + OVERLAP_S)
        return self.issue(old.participant_uuid, now)

    def participant_of(self, token: str, now: float) -> str | None:
        """The uuid the token stands for; None for an unknown or expired token."""
        entry = self._entries.get(token)
        return entry.participant_uuid if entry and now < entry.expires_at else None

    def shorten(self, participant_uuid: str, expires_at: float) -> None:
        """Let all tokens of a participant end by then."""
        for entry in self._entries.values():
            if entry.participant_uuid == participant_uuid:
                entry.expires_at = min(entry.expires_at, expires_at)

    def revoke(self, participant_uuid: str) -> None:
        self._entries = {t: e for t, e in self._entries.items() if e.participant_uuid != participant_uuid}

    def expire(self, now: float) -> set[str]:
        """Forget expired tokens; returns the participants that are left without any."""
        expired = {e.participant_uuid for e in self._entries.values() if now >= e.expires_at}
        self._entries = {t: e for t, e in self._entries.items() if now < e.expires_at}
        return expired - {e.participant_uuid for e in self._entries.values()}
