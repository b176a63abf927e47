"""The sender of the patient's sound: given finished payloads, and asked what the far end loses."""

from aiortc import RTCRtpSender
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import AnyRtcpPacket, RtcpRrPacket, RtcpSrPacket

from kiosk.media.aiortc_adapter.numbers import NumberingMap, Numbers
from kiosk.media.sound_out import SoundSending

_MAP = "_RTCRtpSender__rtp_header_extensions_map"

QUIETEST_DBOV = -127
"""RFC 6464."""
SILENT_DBFS = -100.0


def send_sound(sender: RTCRtpSender, sending: SoundSending, numbers: Numbers | None = None) -> None:
    """Let a sender that has not begun send these payloads in place of its track's frames, with their level (RFC 6464),
    and tell the loss in the far end's reports; numbered across all streams where that was agreed. The track still
    decides when it is over.

    Raises AttributeError when aiortc is not the one this was written for.
    """
    _check(sender)
    handle = sender._handle_rtcp_packet
    size_bytes = 0

    def is_live() -> bool:
        track = sender.track
        return track is not None and track.readyState == "live"

    async def next_encoded_frame(_: RTCRtpCodecParameters) -> RTCEncodedFrame | None:
        nonlocal size_bytes
        sound = await sending.next(is_live)
        if sound is None:
            raise MediaStreamError
        if not sender._enabled:
            return None
        size_bytes = len(sound.payload)
        return RTCEncodedFrame([sound.payload], sound.timestamp, dbov(sound.level_dbfs))

    async def handle_rtcp_packet(packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpRrPacket | RtcpSrPacket):
            for report in packet.reports:
                if report.ssrc == sender._ssrc:
                    sending.report(report.fraction_lost / 256)
        await handle(packet)

    if numbers is not None:
        vars(sender)[_MAP] = NumberingMap(vars(sender)[_MAP], numbers, lambda: size_bytes)
    vars(sender)["_next_encoded_frame"] = next_encoded_frame
    vars(sender)["_handle_rtcp_packet"] = handle_rtcp_packet


def dbov(level_dbfs: float) -> int:
    """The level as a packet carries it, -127 (silence) to 0."""
    return QUIETEST_DBOV if level_dbfs <= SILENT_DBFS else max(QUIETEST_DBOV, min(0, round(level_dbfs)))


def _check(sender: RTCRtpSender) -> None:
    for name in ("_next_encoded_frame", "_handle_rtcp_packet", "_enabled", "_ssrc"):
        if not hasattr(sender, name):
            raise AttributeError(f"RTCRtpSender has no {name}: not the aiortc this was written for")
