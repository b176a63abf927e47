"""Every fault of the world, as one tree. A bug is none of these: it ends the process.

KioskError                        retry: may I try again by myself?
├── ConfigError                   no    what the technician wrote; names the key and what is allowed
├── DeviceError(device)
│   ├── DeviceMissing             no    it is not there, or is somebody else's
│   └── DeviceLost                yes   it was there and went away
├── RoomError
│   ├── RoomUnreachable           yes   no answer, or an answer that says "later"
│   │   └── RoomSilent            yes   nothing came back at all: the trouble may lie on our own way there
│   ├── RoomRefused(reason)       no    wrong PIN, no such room, log-in wanted …
│   └── RoomProtocolError         no    an answer that makes no sense
├── MediaError                    yes   no path for picture and sound, or one that died
└── AppointmentsUnavailable       yes   the source of appointments gave none

Messages are for the technician's log: they never hold a name, a PIN, a room, a token or an SDP.
"""

from typing import ClassVar


class KioskError(Exception):
    """Base of all faults that the terminal expects of the world."""

    retry: ClassVar[bool] = False


class ConfigError(KioskError):
    """The configuration cannot be used; the message lists every fault in it."""


class DeviceError(KioskError):
    """A device does not do its work. `device` is its word in the configuration, such as "camera"."""

    def __init__(self, device: str, message: str) -> None:
        super().__init__(f"{device}: {message}")
        self.device = device


class DeviceMissing(DeviceError):
    """The device cannot be opened: absent, busy, or its driver is not installed."""


class DeviceLost(DeviceError):
    """The device worked and stopped, for instance by being unplugged."""

    retry = True


class RoomError(KioskError):
    """The room cannot be entered, or not be stayed in."""


class RoomUnreachable(RoomError):
    """No answer, or one that asks to come back later."""

    retry = True


class RoomSilent(RoomUnreachable):
    """Nothing came back: no way there, or a silence. A place that we hold there may well stand."""


class RoomRefused(RoomError):
    """The room said no. `reason` is a word for the log and for choosing the screen: one of the values of
    consultation.model.Refusal, or another word, which counts as "other"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason


class RoomProtocolError(RoomError):
    """An answer that the protocol does not allow."""


class MediaError(KioskError):
    """Picture and sound found no way, or lost it."""

    retry = True


class AppointmentsUnavailable(KioskError):
    """The source of appointments could not be read."""

    retry = True
