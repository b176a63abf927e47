"""When somebody answers the telephone: opening hours as written in the configuration, and what they mean now. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final

from kiosk.consultation.holidays import is_holiday
from kiosk.errors import ConfigError

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
_LOOKED_AHEAD_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Span:
    """Open on these weekdays, Monday being 0, from `start` until before `end`; never on public holidays."""

    weekdays: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody answers."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody answers."""

    opens_at: datetime | None
    """None: not within a month."""


@lru_cache
def span(written: str) -> Span:
    """A span as written, such as "mon-fri 08:00-15:30" or "sat 10:00-12:00". Raises ConfigError."""
    match = _SPAN.fullmatch(written)
    if not match:
        raise ConfigError('not as "mon-fri 08:00-15:30"')
    first, last = match[1], match[2] or match[1]
    if first not in _DAYS or last not in _DAYS:
        raise ConfigError(f"a weekday is one of {', '.join(_DAYS)}")
    days = range(_DAYS.index(first), _DAYS.index(last) + 1)
    if not days:
        raise ConfigError("the first weekday comes after the last")
    try:
        start, end = time(int(match[3]), int(match[4])), time(int(match[5]), int(match[6]))
    except ValueError:
        raise ConfigError("no such time of day; the latest is 23:59") from None
    if start >= end:
        raise ConfigError("it ends before it begins")
    return Span(frozenset(days), start, end)


def answering(spans: Sequence[Span], now: datetime) -> Open | Closed:
    """Whether somebody answers at `now`, which is local and aware; times in the answer are local too."""
    for days in range(_LOOKED_AHEAD_DAYS):
        day = now.date() + timedelta(days=days)
        if is_holiday(day):
            continue
        for each in sorted(spans, key=lambda each: each.start):
            if day.weekday() not in each.weekdays:
                continue
            start, end = (datetime.combine(day, at, now.tzinfo) for at in (each.start, each.end))
            if start <= now < end:
                return Open(end)
            if now < start:
                return Closed(start)
    return Closed(None)
