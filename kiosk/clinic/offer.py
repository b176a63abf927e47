"""Reads an offer strictly, before any media is set up."""

from dataclasses import dataclass, field

from .settings import VideoCodec

SDP_LIMIT = 100_000
CODEC_NAMES: dict[VideoCodec, str] = {"vp8": "VP8/90000", "h264": "H264/90000"}


class OfferError(ValueError):
    """What is wrong with an offer, and in which section."""


@dataclass
class _Section:
    kind: str = ""
    port: int = 0
    lines: list[str] = field(default_factory=list)

    def attribute(self, name: str) -> str | None:
        """The value of `a=name:value`, or "" for a bare `a=name`."""
        for line in self.lines:
            if line == f"a={name}":
                return ""
            if line.startswith(f"a={name}:"):
                return line.partition(":")[2].strip()
        return None


@dataclass(frozen=True)
class Offer:
    """What the clinic needs to know of a correct offer."""

    sdp: str = field(repr=False)
    first_mid: str
    """The section whose transport carries everything."""
    kinds: tuple[str, ...]
    """`audio` and `video`, in order; a second video is the slides."""
    ice_username: str = field(repr=False)


def read_offer(sdp: str, codec: VideoCodec, media_type: str = "video") -> Offer:
    """Check an offer against the platform's rules; raises OfferError."""
    if len(sdp) > SDP_LIMIT:
        raise OfferError(f"longer than {SDP_LIMIT} characters")
    lines = sdp.splitlines()
    if not lines or lines[0] != "v=0":
        raise OfferError("does not begin with v=0")
    session, sections = _split(lines)
    active = [s for s in sections if s.port != 0 or s.attribute("bundle-only") is not None]
    if not active:
        raise OfferError("has no active media section")
    for section in active:
        _check_section(section, session)
    bundled = _bundled_mids(session)
    for section in active:
        if section.attribute("mid") not in bundled:
            raise OfferError(f"{section.kind} section: its mid is not in a=group:BUNDLE")
    kinds = tuple(s.kind for s in active if s.kind in ("audio", "video"))
    _check_media(active, kinds, codec, media_type)
    return Offer(sdp, bundled[0], kinds, _either(active[0], session, "ice-ufrag") or "")


def mark_slides(answer: str) -> str:
    """The answer with `a=content:slides` in its second video section, as the platform writes it."""
    lines, videos = list[str](), 0
    for line in answer.splitlines():
        lines.append(line)
        if line.startswith("m=video"):
            videos += 1
        if line.startswith("a=mid:") and videos == 2:
            lines.append("a=content:slides")
            videos += 1
    return "\r\n".join([*lines, ""])


def _split(lines: list[str]) -> tuple[_Section, list[_Section]]:
    session, sections = _Section(), list[_Section]()
    for line in lines:
        if line.startswith("m="):
            words = line[2:].split()
            if len(words) < 4 or not words[1].isdigit():
                raise OfferError("has a malformed m= line")
            sections.append(_Section(words[0], int(words[1])))
        else:
            (sections[-1] if sections else session).lines.append(line)
    return session, sections


def _bundled_mids(session: _Section) -> list[str]:
    words = (session.attribute("group") or "").split()
    if len(words) < 2 or words[0] != "BUNDLE":
        raise OfferError("has no a=group:BUNDLE line")
    return words[1:]


def _either(section: _Section, session: _Section, name: str) -> str | None:
    value = section.attribute(name)
    return session.attribute(name) if value is None else value


def _check_section(section: _Section, session: _Section) -> None:
    where = f"{section.kind} section"
    if section.kind not in ("audio", "video", "application"):
        raise OfferError(f"{where}: only audio, video and application are known")
    for name in ("mid", "ice-ufrag", "ice-pwd", "fingerprint", "setup"):
        value = section.attribute(name) if name == "mid" else _either(section, session, name)
        if not value:
            raise OfferError(f"{where}: no a={name} line")
    if (role := _either(section, session, "setup")) != "actpass":
        raise OfferError(f"{where}: an offer must say a=setup:actpass, not {role}")
    if section.kind != "application" and section.attribute("rtcp-mux") is None:
        raise OfferError(f"{where}: no a=rtcp-mux line")


def _check_media(active: list[_Section], kinds: tuple[str, ...], codec: VideoCodec, media_type: str) -> None:
    if not kinds:
        raise OfferError("has neither audio nor video")
    if kinds.count("audio") > 1 or kinds.count("video") > 2 or kinds[:2] == ("video", "audio"):
        raise OfferError("sections must be audio, main video, slides, in this order")
    if media_type == "audio" and "video" in kinds:
        raise OfferError("media_type audio, but there is a video section")
    if media_type == "video-only" and "audio" in kinds:
        raise OfferError("media_type video-only, but there is an audio section")
    slides = [s for s in active if s.kind == "video"][1:]
    if slides and slides[0].attribute("content") != "slides":
        raise OfferError("second video section: no a=content:slides line")
    for section in active:
        names = {line.split(" ", 1)[-1].upper() for line in section.lines if line.startswith("a=rtpmap:")}
        wanted = {"audio": "OPUS/48000/2", "video": CODEC_NAMES[codec]}.get(section.kind)
        if wanted and wanted not in names:
            raise OfferError(f"{section.kind} section: {wanted} is not offered")
