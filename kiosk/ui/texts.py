"""The patient's language: keys and values in, sentences out. One file for each language in languages/."""

from datetime import datetime
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton
from fluent.runtime import FluentBundle, FluentResource

from kiosk.errors import ConfigError

FOLDER: Final = Path(__file__).with_name("languages")
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_LOCALES: Final = {"en": "en_GB"}
"""Where the calendar's language is not the text's."""
_DATES: Final = {"se": "MMMd"}
"""Where the months' full names are wider than their place; elsewhere these are written."""


def languages() -> tuple[str, ...]:
    """Codes of the languages that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.ftl")))


class Texts:
    """One language. Its sentences are read once."""

    def __init__(self, language: str) -> None:
        """Raises ConfigError for a language without a file."""
        if language not in languages():
            raise ConfigError(f'screen.language: "{language}" has no file; there are {", ".join(languages())}')
        self.language = language
        # Invisible isolation marks would be drawn as boxes; kiosk.ui.shaping finds what is to be kept apart by itself.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._bundle.add_resource(FluentResource((FOLDER / f"{language}.ftl").read_text(encoding="utf-8")))

    def __call__(self, key: str, **values: str | int) -> str:
        """The sentence of that key. Raises KeyError for a missing key, ValueError for a missing value."""
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        text, errors = self._bundle.format_pattern(message.value, values)
        if errors:
            raise ValueError(f"{self.language}.ftl: {key}: {errors[0]}")
        return str(text)

    @property
    def from_right(self) -> bool:
        """The language is read from the right."""
        return Locale.parse(self._locale).text_direction == "rtl"

    def time(self, when: datetime) -> str:
        """Hours and minutes, 24 hours: 10.05 in Norwegian, 10:05 elsewhere."""
        return f"{when:%H.%M}" if self.language in {"nb", "nn"} else f"{when:%H:%M}"

    def weekday(self, when: datetime) -> str:
        """onsdag"""
        # The calendar writes Ukrainian's apostrophe with a sign that few fonts have.
        return str(format_date(when, "EEEE", locale=self._locale)).replace("ʼ", "’")

    def date(self, when: datetime) -> str:
        """22. november, kept on one line."""
        skeleton = _DATES.get(self.language, "MMMMd")
        return str(format_skeleton(skeleton, when, locale=self._locale)).replace(" ", _NO_BREAK)

    def day_part(self, when: datetime) -> str:
        """formiddag"""
        for until_hour, part in ((6, "night"), (9, "morning"), (12, "forenoon"), (18, "afternoon"), (24, "evening")):
            if when.hour < until_hour:
                return self(f"part-{part}")
        raise AssertionError(when.hour)

    def day(self, when: datetime, now: datetime) -> str:
        """Today, tomorrow, a weekday of the coming week, or a date. Both in local time."""
        ahead = (when.date() - now.date()).days
        if ahead in (0, 1):
            return self("today" if ahead == 0 else "tomorrow")
        return self.weekday(when) if 1 < ahead < 7 else self.date(when)

    @property
    def _locale(self) -> str:
        return _LOCALES.get(self.language, self.language)
