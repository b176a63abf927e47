"""Every screen's variants with made-up values, and drawn heads to show: for the gallery and the tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.consultation.line import Trouble
from kiosk.consultation.model import (
    Accepted,
    Contact,
    Device,
    EndReason,
    Faulty,
    Flaw,
    Refusal,
    Rule,
    ServiceLine,
    Standing,
    WifiFault,
    Wiped,
)
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
from kiosk.consultation.signals import Backlight, Lamp, Press
from kiosk.consultation.view import View
from kiosk.frames import Plane, VideoFrame

Values = NDArray[np.float32]

NOW: Final = datetime(2026, 11, 25, 12, 40, tzinfo=UTC)
"""A Wednesday afternoon."""
CONTACTS: Final = (Contact("Lungepoliklinikken", "815 00 000", "Hverdager 8–15", ("mon-fri 08:00-15:00",)),)
SERIAL: Final = "VT-0042"
VISIT: Final = 1
_MESSAGE: Final = "Legen er ti minutter forsinket. Vi beklager."
CALL_MESSAGE: Final = "Jeg henter resultatet ditt. Vent litt."
_LONG_MESSAGE: Final = (
    "Legen er dessverre ti minutter forsinket. Du kan hente et glass vann og sette deg godt til rette. "
    "Vi sier fra når det er din tur."
)
_CAPTION: Final = (
    "Da ser vi på prøvene sammen. De er bedre enn sist, og pusten din har blitt roligere. "
    "Jeg vil gjerne at du fortsetter med medisinen"
)
_PARTS: Final = (
    ServiceLine("camera", True, ""),
    *(
        ServiceLine(part, False, "there is none")
        for part in ("microphone", "speaker", "network", "temperature", "disk")
    ),
)
_CODE: Final = tuple("".join("01"[(row * column) % 3 == 1] for column in range(45)) for row in range(45))
"""No code that anybody can read, but as fine as one."""
_FLAWS: Final = {
    "no-picture": Flaw.NO_PICTURE,
    "covered": Flaw.COVERED,
    "dark": Flaw.DARK,
    "backlit": Flaw.BACKLIT,
    "too-bright": Flaw.TOO_BRIGHT,
    "noisy": Flaw.NOISY,
    "no-echo": Flaw.NO_ECHO,
    "hot": Flaw.HOT,
    "weak-power": Flaw.WEAK_POWER,
}
"""Each with a sentence of its own."""
RECEIPT: Final = f"KIOSK-WIPED.{'Ab3' * 26}.{'x-Y' * 28}xY"
_STANDINGS: Final[dict[str, Standing]] = {
    "accepted": Accepted("7K3M-9QP2"),
    "faulty": Faulty(("card",)),
    "faulty-part": Faulty(("disk",)),
    "faulty-clock": Faulty(("clock",)),
    "wiped": Wiped("7K3M-9QP2", RECEIPT),
}


def views() -> dict[str, View]:
    """Name of each variant, and its View; together they hold every kind of screen."""
    resting = View(IdleScreen(), Press.PRACTISE, Lamp.DIM, backlight=Backlight.DIM)
    nothing = View(StartingScreen(), Press.NOTHING, Lamp.THREE_SHORT)
    live = View(WaitingScreen(""), Press.PAUSE, Lamp.SLOW_PULSE, capturing=True, pictures_of=VISIT)
    call = replace(live, screen=InCallScreen(2, False, "", None), lamp=Lamp.STEADY, remote=True)
    in_call = InCallScreen(2, False, "", None)

    def told(**changes: Any) -> View:
        return replace(call, screen=replace(in_call, **changes))

    remind_at = NOW + timedelta(minutes=15)
    remind = View(RemindScreen(remind_at, True), Press.JOIN, Lamp.SLOW_PULSE)
    paused = View(PausedScreen(False), Press.RESUME, Lamp.LONG_SHORT)
    phone = View(PhoneScreen(None), Press.TRY_VIDEO, Lamp.SLOW_DOUBLE)
    ended = View(EndedScreen(EndReason.FINISHED), Press.NOTHING, Lamp.OFF)
    fault = View(FaultScreen(Device.CAMERA), Press.TEST_AGAIN, Lamp.SLOW_TRIPLE)
    check = View(SelfCheckScreen(True), Press.FINISH_PRACTICE, Lamp.STEADY)
    connecting = replace(live, screen=JoiningScreen(False), press=Press.NOTHING, lamp=Lamp.FAST_PULSE)
    again = replace(live, screen=ReconnectingScreen(False), press=Press.TRY_NOW, lamp=Lamp.FAST_PULSE)
    no_network = View(NoNetworkScreen(False), Press.LOOK_AGAIN, Lamp.TWO_SHORT)
    return {
        "starting": nothing,
        "no-network": no_network,
        "no-network-looking": replace(no_network, screen=NoNetworkScreen(True), press=Press.PRACTISE),
        "unassigned": replace(nothing, screen=UnassignedScreen(), lamp=Lamp.OFF, backlight=Backlight.DIM),
        **{
            f"unassigned-{name}": replace(nothing, screen=UnassignedScreen(standing), lamp=Lamp.OFF)
            for name, standing in _STANDINGS.items()
        },
        "idle": resting,
        "scheduled-today-refused": replace(resting, screen=ScheduledScreen(NOW + timedelta(hours=2), Refusal.LOGIN)),
        "scheduled-weekday-refused": replace(
            resting, screen=ScheduledScreen(NOW + timedelta(days=4), Refusal.NOT_FOUND)
        ),
        "scheduled-today": replace(resting, screen=ScheduledScreen(NOW + timedelta(hours=2))),
        "scheduled-tomorrow": replace(resting, screen=ScheduledScreen(NOW + timedelta(days=1))),
        "scheduled-weekday": replace(resting, screen=ScheduledScreen(NOW + timedelta(days=4))),
        "scheduled-date": replace(resting, screen=ScheduledScreen(NOW + timedelta(days=30))),
        "scheduled-at-hospital": replace(
            resting, screen=ScheduledScreen(NOW + timedelta(days=6), meet_at="Inngang B, 2. etasje")
        ),
        "remind": remind,
        "remind-begun": replace(remind, screen=RemindScreen(NOW - timedelta(minutes=5), True)),
        "remind-no-room": replace(
            remind, screen=RemindScreen(NOW + timedelta(minutes=15), False), press=Press.PRACTISE
        ),
        "remind-refused": replace(remind, screen=RemindScreen(remind_at, True, Refusal.LOGIN)),
        "check": replace(live, screen=SelfCheckScreen(None), press=Press.FINISH_PRACTICE, lamp=Lamp.STEADY),
        "service": replace(check, screen=ServiceScreen("0.1.0", _PARTS, _CODE)),
        "service-well": replace(check, screen=ServiceScreen("0.1.0", _PARTS[:1], _CODE)),
        "check-heard": check,
        "check-not-heard": replace(check, screen=SelfCheckScreen(False)),
        **{f"check-{name}": replace(check, screen=SelfCheckScreen(True, flaw)) for name, flaw in _FLAWS.items()},
        "letter": replace(check, screen=LetterScreen(True, None), press=Press.JOIN, lamp=Lamp.SLOW_PULSE),
        "letter-at": replace(check, screen=LetterScreen(True, remind_at), press=Press.JOIN, lamp=Lamp.SLOW_PULSE),
        "letter-early": replace(check, screen=LetterScreen(True, NOW + timedelta(days=4))),
        "letter-strange": replace(check, screen=LetterScreen(False, None)),
        "wifi": replace(check, screen=WifiScreen(False, False), press=Press.CONNECT),
        "wifi-trying": replace(check, screen=WifiScreen(True, False), press=Press.NOTHING, lamp=Lamp.FAST_PULSE),
        **{f"wifi-failed-{fault.value}": replace(check, screen=WifiScreen(False, True, fault)) for fault in WifiFault},
        "joining": connecting,
        "joining-again": replace(connecting, screen=JoiningScreen(True)),
        "waiting": live,
        **{f"waiting-{rule.value}": replace(live, screen=WaitingScreen("", rule)) for rule in Rule},
        **{f"waiting-{name}": replace(live, screen=WaitingScreen("", mend=flaw)) for name, flaw in _FLAWS.items()},
        "waiting-volume": replace(live, volume=5),
        "waiting-message": replace(live, screen=WaitingScreen(_MESSAGE)),
        "waiting-long-message": replace(live, screen=WaitingScreen(_LONG_MESSAGE)),
        "call": call,
        "call-volume": replace(call, volume=2),
        "call-speaks": told(speaks=True),
        "call-introduce": told(introduce=True),
        "call-introduce-caption": told(introduce=True, caption=_CAPTION),
        "call-unknown-people": replace(call, screen=InCallScreen(0, False, "", None)),
        "call-message": told(message=CALL_MESSAGE),
        "call-muted": replace(call, screen=InCallScreen(3, True, "", None)),
        "call-broken": replace(call, screen=InCallScreen(2, False, "", Device.CAMERA)),
        "call-arrived": told(arrived="Tolk"),
        "call-caption": told(caption=_CAPTION),
        "call-caption-arrived": told(caption=_CAPTION, arrived="Maximiliane Alexandra Sommerfeldt"),
        "call-recorded": told(recorded=True),
        "call-steered": told(steered=True),
        **{f"call-poor-{way.value}": told(poor=way, poor_in_words=True) for way in Trouble},
        "call-poor": told(poor=Trouble.BOTH),
        "call-loudspeaker-off": told(loudspeaker_off=True),
        "call-slides": told(slides=True),
        "call-slides-recorded": told(slides=True, recorded=True),
        "call-slides-caption": told(slides=True, caption=_CAPTION, steered=True),
        "call-message-caption": told(message=_LONG_MESSAGE, caption=_CAPTION, recorded=True),
        "call-everything": told(
            people=12,
            muted_by_host=True,
            message=_LONG_MESSAGE,
            broken=Device.MICROPHONE,
            arrived="Tolk",
            caption=_CAPTION,
            recorded=True,
            slides=True,
            steered=True,
            poor=Trouble.INCOMING,
            poor_in_words=True,
            loudspeaker_off=True,
        ),
        "identify": replace(call, screen=IdentifyScreen(False), remote=False),
        "identify-recorded": replace(call, screen=IdentifyScreen(True), remote=False),
        "paused": paused,
        "paused-asking": replace(paused, screen=PausedScreen(True)),
        "reconnecting": again,
        "reconnecting-paused": replace(
            again, screen=ReconnectingScreen(True), capturing=False, pictures_of=None, press=Press.TRY_NOW
        ),
        "phone": phone,
        "phone-again": replace(phone, screen=PhoneScreen(None, NOW + timedelta(minutes=1))),
        "phone-refused": replace(phone, screen=PhoneScreen(Refusal.NOT_FOUND)),
        "phone-login": replace(phone, screen=PhoneScreen(Refusal.LOGIN)),
        "ended": ended,
        "ended-after-pause": replace(ended, screen=EndedScreen(EndReason.LEFT_AFTER_PAUSE)),
        "ended-too-late": replace(ended, screen=EndedScreen(EndReason.TOO_LATE)),
        "fault-camera": fault,
        "fault-microphone": replace(fault, screen=FaultScreen(Device.MICROPHONE)),
        "fault-speaker": replace(fault, screen=FaultScreen(Device.SPEAKER)),
        "fault-button": View(FaultScreen(Device.BUTTON), Press.NOTHING, Lamp.SLOW_TRIPLE),
    }


def head(width: int, height: int, *, clinician: bool) -> VideoFrame:
    """A drawn head and shoulders, I420, BT.601 limited range."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (across - width / 2) / height, down / height
    rgb = np.empty((height, width, 3), np.float32)
    wall = (214, 226, 228) if clinician else (205, 190, 168)
    rgb[:] = np.array(wall, np.float32) * (1.0 - 0.22 * np.abs(x) - 0.12 * y)[..., None]

    def paint(inside: NDArray[np.bool_], colour: tuple[int, int, int]) -> None:
        rgb[inside] = colour

    hair = (78, 54, 40) if clinician else (222, 222, 220)
    coat = (246, 248, 248) if clinician else (92, 112, 140)
    skin = (226, 184, 158)
    paint((x / 0.42) ** 2 + ((y - 1.08) / 0.38) ** 2 < 1, coat)
    if clinician:
        paint((np.abs(x) < 0.10 - 0.30 * (y - 0.72)) & (y > 0.70), (70, 130, 140))
    paint((np.abs(x) < 0.075) & (y > 0.55) & (y < 0.76), (206, 162, 136))
    paint((x / 0.20) ** 2 + ((y - 0.38) / 0.25) ** 2 < 1, hair)
    paint((x / 0.165) ** 2 + ((y - 0.42) / 0.215) ** 2 < 1, skin)
    for side in (-1, 1):
        paint(((x - side * 0.068) / 0.018) ** 2 + ((y - 0.40) / 0.014) ** 2 < 1, (48, 44, 44))
    paint((x / 0.062) ** 2 + ((y - 0.515) / 0.028) ** 2 < (y > 0.515), (170, 84, 84))
    return _i420(rgb)


def slide(width: int, height: int) -> VideoFrame:
    """A drawn slide: a heading and four bars on white, with a rim that shows whether anything is cut off."""
    rgb = np.empty((height, width, 3), np.float32)

    def paint(top: float, bottom: float, left: float, right: float, colour: tuple[int, int, int]) -> None:
        rgb[int(top * height) : int(bottom * height), int(left * width) : int(right * width)] = colour

    paint(0.0, 1.0, 0.0, 1.0, (10, 79, 97))
    paint(0.02, 0.98, 0.012, 0.988, (250, 250, 250))
    paint(0.10, 0.18, 0.08, 0.62, (18, 35, 47))
    for index, tall in enumerate((0.30, 0.42, 0.38, 0.56)):
        left = 0.10 + 0.21 * index
        paint(0.88 - tall, 0.88, left, left + 0.13, (27, 107, 58))
    return _i420(rgb)


def _i420(rgb: Values) -> VideoFrame:
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    u, v = (blue - luma) / 1.772, (red - luma) / 1.402
    return VideoFrame(
        _plane(luma * 219 / 255 + 16), _plane(u[::2, ::2] * 224 / 255 + 128), _plane(v[::2, ::2] * 224 / 255 + 128), 0.0
    )


def _plane(values: Values) -> Plane:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
