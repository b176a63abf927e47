"""From a View to a page: pure, without Kivy. Every kind of screen has its case here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.consultation.model import Clinic, Contact, EndReason, Flaw, Refusal, Rule, WifiFault
from kiosk.consultation.screens import (
    EndedScreen,
    FaultScreen,
    IdentifyScreen,
    IdleScreen,
    InCallScreen,
    JoiningScreen,
    LetterScreen,
    NoNetworkScreen,
    PausedScreen,
    PhoneScreen,
    ReconnectingScreen,
    RemindScreen,
    ScheduledScreen,
    SelfCheckScreen,
    ServiceScreen,
    StartingScreen,
    UnassignedScreen,
    WaitingScreen,
    WifiScreen,
)
from kiosk.consultation.signals import Backlight
from kiosk.consultation.view import View
from kiosk.ui.call_words import one_paragraph, with_call
from kiosk.ui.contact_card import card_of
from kiosk.ui.flaw_words import TOLD
from kiosk.ui.page import Layout, Page
from kiosk.ui.sign import Sign
from kiosk.ui.standing import Told, told_of
from kiosk.ui.texts import Texts
from kiosk.ui.theme import THEMES, Palette, Theme

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
PREPARE_AHEAD: Final = timedelta(hours=24)
"""From so long before the appointment the patient is reminded of what to have at hand."""
ASIDE_FROM_S: Final = 40
"""From this second of a minute to its end, what is good to know takes the place of the appointment."""
TURN_S: Final = 20
"""Of large text that has no room beside each other."""
_BEFORE: Final = (Rule.QUIET_PLACE, Rule.TELEPHONE)
"""What is good to know in the minutes before the press."""
_NO_CLINIC: Final = Clinic()
_NORMAL: Final = THEMES["normal"]
_REFUSED: Final = {Refusal.LOGIN: "refusal-login"}
"""Sentences of their own; every other refusal has the same."""
_WIFI_FAULTS: Final = {
    WifiFault.PASSWORD: "wifi-password",
    WifiFault.NOT_FOUND: "wifi-not-found",
    WifiFault.LOGIN: "wifi-login",
    WifiFault.OTHER: "wifi-failed",
}


def page_of(
    view: View,
    texts: Texts,
    now: datetime,
    serial: str = "",
    *,
    contacts: Sequence[Contact] = (),
    clinic: Clinic = _NO_CLINIC,
    theme: Theme = _NORMAL,
    frozen: bool = False,
) -> Page:
    """What to draw for a View. `now` is local time; so are the times shown. `frozen`: the far end's picture
    stands still."""
    large = theme.letter > 1
    page = _Composer(view, texts, now, serial, clinic, frozen=frozen, large=large).page()
    palette = _palette(page.layout, view, now, theme)
    turn = now.second // TURN_S if large else 0
    return replace(page, card=card_of(contacts, texts, now, clinic), turn=turn, palette=palette)


def _palette(layout: Layout, view: View, now: datetime, theme: Theme) -> Palette:
    if layout in {Layout.CALL, Layout.IDENTIFY}:
        return theme.call
    if view.backlight is Backlight.FULL:
        return theme.day
    sleeping = isinstance(view.screen, IdleScreen | ScheduledScreen) and now.hour in theme.bedroom_hours
    return theme.bedroom if sleeping else theme.night


class _Composer:
    def __init__(
        self, view: View, texts: Texts, now: datetime, serial: str, clinic: Clinic, *, frozen: bool, large: bool
    ) -> None:
        self._view, self._texts, self._now, self._serial = view, texts, now, serial
        self._clinic, self._frozen, self._large = clinic, frozen, large

    def page(self) -> Page:
        t = self._texts
        match self._view.screen:
            case StartingScreen():
                return self._page(Layout.NOTICE, t("starting"), t("starting-detail"), signs=(Sign.WAIT,))
            case NoNetworkScreen(looking=looking):
                detail = t("no-network-looking") if looking else t("no-network-detail")
                return self._page(Layout.NOTICE, t("no-network"), detail, signs=(Sign.CABLE,))
            case UnassignedScreen(standing=standing):
                return self._unassigned(told_of(standing, self._serial, t))
            case IdleScreen():
                return self._page(Layout.CLOCK, t("idle"))
            case ScheduledScreen(starts_at=starts_at, meet_at=str(place)) if place:
                start = starts_at.astimezone(self._now.tzinfo)
                when = f"{t.day(start, self._now)} {self._at('scheduled-at', start)}"
                return self._page(Layout.NOTICE, t("attend"), f"{when}\n{one_paragraph(place)}")
            case ScheduledScreen(starts_at=starts_at, refusal=Refusal() as refusal):
                start = starts_at.astimezone(self._now.tzinfo)
                if start.date() == self._now.date():
                    return self._refused(refusal, self._before(start))
                return self._refused(refusal, t("refusal-ahead-detail", day=t.day(start, self._now)))
            case ScheduledScreen(starts_at=starts_at):
                start = starts_at.astimezone(self._now.tzinfo)
                if start - self._now < PREPARE_AHEAD and self._now.second >= ASIDE_FROM_S:
                    return self._page(Layout.CLOCK, t("prepare"))
                when = f"{t.day(start, self._now)}\n{self._at('scheduled-at', start)}"
                return self._page(Layout.CLOCK, when, kicker=t("scheduled"))
            case RemindScreen(room_known=True, refusal=Refusal() as refusal):
                return self._refused(refusal, t("refusal-detail"))
            case RemindScreen(starts_at=starts_at, room_known=True):
                if self._now.second >= ASIDE_FROM_S:
                    rule = _BEFORE[self._now.minute % len(_BEFORE)]
                    return self._page(Layout.CLOCK, t(f"rule-{rule.value}"))
                start = starts_at.astimezone(self._now.tzinfo)
                sentence = t("remind") if self._now < start else t("remind-begun")
                return self._page(Layout.CLOCK, f"{sentence}\n{self._at('remind-at', start)}")
            case RemindScreen(starts_at=starts_at):
                start = starts_at.astimezone(self._now.tzinfo)
                headline = t("remind-no-room", time=t.time(start))
                return self._page(Layout.TELEPHONE, headline, t("remind-no-room-detail"))
            case ServiceScreen(release=release, lines=parts, code=code):
                bad = tuple(line.part for line in parts if not line.good)
                counted = f"BAD {len(bad)}" if bad else f"good {len(parts)}"
                rows = (release, counted, *bad) if parts else ()
                return replace(self._page(Layout.SERVICE, self._serial or "…"), rows=rows, squares=code)
            case SelfCheckScreen(heard=None):
                return self._page(Layout.CAMERA, t("check"), t("check-detail"))
            case SelfCheckScreen(flaw=Flaw() as flaw) if flaw in TOLD:
                told = TOLD[flaw]
                detail = t(f"{told.key}-detail")
                return self._page(Layout.NOTICE, t(told.key), detail, signs=(told.sign,), crossed=told.crossed)
            case SelfCheckScreen(heard=True, flaw=None):
                detail = t("check-heard-detail")
                return self._page(Layout.NOTICE, t("check-heard"), detail, signs=(Sign.DONE,), good=True)
            case SelfCheckScreen():
                detail = t("check-not-heard-detail")
                return self._page(Layout.NOTICE, t("check-not-heard"), detail, signs=(Sign.MICROPHONE,), crossed=True)
            case WifiScreen(trying=trying, failed=failed, fault=fault):
                if failed:
                    return self._page(Layout.TELEPHONE, t(_WIFI_FAULTS[fault]), t("refusal-detail"))
                if trying:
                    return self._page(Layout.NOTICE, t("joining"), t("joining-detail"), signs=(Sign.WIRELESS,))
                return self._page(Layout.NOTICE, t("wifi"), t("wifi-detail"), signs=(Sign.WIRELESS,))
            case LetterScreen() as letter:
                return self._letter(letter)
            case JoiningScreen(trying_again=again):
                return self._page(Layout.CAMERA, t("joining-again" if again else "joining"), t("joining-detail"))
            case WaitingScreen(message="", mend=Flaw() as mend) if mend in TOLD:
                key = TOLD[mend].key
                return self._page(Layout.CAMERA, t(key), t(f"{key}-detail"))
            case WaitingScreen(message=message, rule=rule):
                detail = t(f"rule-{rule.value}") if rule else t("waiting-detail")
                return self._page(Layout.CAMERA, t("waiting"), detail, message=message)
            case InCallScreen() as call:
                page = self._page(Layout.CALL, "")
                return with_call(page, call, t, frozen=self._frozen, large=self._large)
            case IdentifyScreen(recorded=recorded):
                # Nothing is kept here; what the platform does is another matter.
                detail = t("recorded") if recorded else t("identify-detail")
                return self._page(Layout.IDENTIFY, t("identify"), detail)
            case PausedScreen(asking=asking):
                signs = (Sign.CAMERA, Sign.MICROPHONE)
                headline = t("paused-asking") if asking else t("paused")
                detail = t("paused-asking-detail") if asking else t("paused-detail")
                return self._page(Layout.NOTICE, headline, detail, signs=signs, crossed=True)
            case ReconnectingScreen(paused=paused):
                if not paused:
                    return self._page(Layout.CAMERA, t("reconnecting"), t("reconnecting-detail"))
                signs = (Sign.CAMERA, Sign.MICROPHONE)
                detail = f"{t('reconnecting-detail')}\n{t('paused-detail')}"
                return self._page(Layout.NOTICE, t("reconnecting"), detail, signs=signs, crossed=True)
            case PhoneScreen(refusal=Refusal() as refusal):
                return self._refused(refusal, t("refusal-detail"))
            case PhoneScreen(again_at=datetime() as again_at):
                time = t.time(again_at.astimezone(self._now.tzinfo))
                return self._page(Layout.TELEPHONE, t("phone"), t("phone-again", time=time))
            case PhoneScreen():
                return self._page(Layout.TELEPHONE, t("phone"), t("phone-detail"))
            case EndedScreen(reason=reason):
                key = {
                    EndReason.FINISHED: "ended",
                    EndReason.LEFT_AFTER_PAUSE: "ended-after-pause",
                    EndReason.TOO_LATE: "ended-too-late",
                }[reason]
                if reason is EndReason.FINISHED:
                    return self._page(Layout.NOTICE, t(key), self._last_words(), signs=(Sign.DONE,), good=True)
                layout = Layout.TELEPHONE if reason is EndReason.TOO_LATE else Layout.NOTICE
                return self._page(layout, t(key), t(f"{key}-detail"))
            case FaultScreen(device=device):
                return self._page(Layout.TELEPHONE, t(f"fault-{device.value}"), t("fault-detail"))

    def _last_words(self) -> str:
        """Two lines: what comes next, or at least thanks, and the bill."""
        invoice = self._texts("ended-invoice") if self._clinic.invoice is None else self._clinic.invoice
        next_step = self._clinic.next_step
        lines = [invoice, next_step] if next_step else [self._texts("ended-detail"), invoice]
        return "\n".join(line for line in lines if line)

    def _unassigned(self, told: Told) -> Page:
        signs = (Sign.DONE,) if told.good else ()
        page = self._page(Layout.NOTICE, told.headline, told.detail, signs=signs, good=told.good)
        return replace(page, code=told.code)

    def _letter(self, letter: LetterScreen) -> Page:
        t = self._texts
        if not letter.ours:
            return self._page(Layout.TELEPHONE, t("letter-strange"), t("refusal-detail"))
        detail = t("letter-detail")
        if letter.starts_at is not None:
            start = letter.starts_at.astimezone(self._now.tzinfo)
            detail = f"{t('scheduled')}: {t.day(start, self._now)} {self._at('scheduled-at', start)}"
        return self._page(Layout.NOTICE, t("letter"), detail, signs=(Sign.DONE,), good=True)

    def _refused(self, refusal: Refusal, detail: str) -> Page:
        """Nothing that the patient could do here: whom to ring, as large as it goes."""
        return self._page(Layout.TELEPHONE, self._texts(_REFUSED.get(refusal, "refusal")), detail)

    def _before(self, when: datetime) -> str:
        time = self._texts.time(when)
        return self._texts("refusal-today-detail", time=time).replace(f" {time}", f"{_NO_BREAK}{time}")

    def _page(
        self,
        layout: Layout,
        headline: str,
        detail: str = "",
        *,
        kicker: str = "",
        signs: tuple[Sign, ...] = (),
        crossed: bool = False,
        good: bool = False,
        message: str = "",
    ) -> Page:
        view, texts, now = self._view, self._texts, self._now
        return Page(
            layout=layout,
            headline=headline,
            detail=detail,
            kicker=kicker,
            signs=signs,
            crossed=crossed,
            good=good,
            message=one_paragraph(message),
            clock=(texts.time(now), texts.weekday(now), texts.day_part(now), texts.date(now)),
            press=texts(f"press-{view.press.value}"),
            pressable=view.press.value != "nothing",
        )

    def _at(self, key: str, when: datetime) -> str:
        return self._texts(key, time=self._texts.time(when)).replace(" ", _NO_BREAK)
