"""Norway's public holidays, for any year. Pure; the library `holidays` judges it in the tests.

Lov om helligdager og helligdagsfred, § 2, and lov om 1 og 17 mai som høgtidsdagar. Plain Sundays are none of these.
"""

from datetime import date, timedelta
from typing import Final

_FIXED: Final = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
_FROM_EASTER_SUNDAY: Final = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday."""


def is_holiday(day: date) -> bool:
    """Nobody answers on that day."""
    return (day.month, day.day) in _FIXED or (day - easter_sunday(day.year)).days in _FROM_EASTER_SUNDAY


def easter_sunday(year: int) -> date:
    """By Gauss' rule with Lichtenberg's corrections; Gregorian years."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    golden = year % 19
    seed = (19 * golden + moon) % 30
    late = (seed + golden // 11) // 29
    full_moon = 21 + seed - late
    first_sunday = 7 - (year + year // 4 + sun) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + 6 - (full_moon - first_sunday) % 7)
