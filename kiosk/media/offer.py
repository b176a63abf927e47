"""Work on the text of offer and answer (SDP, RFC 8866). Pure. No message holds any of the text."""

import re
from dataclasses import dataclass
from typing import Final

from kiosk.errors import RoomProtocolError

_MEDIA_LINE: Final = re.compile(r"m=(\w+) (\d+) [A-Z/]+ .+")
_OPUS: Final = re.compile(r"a=rtpmap:(\d+) opus/48000", re.IGNORECASE)
_CODEC: Final = re.compile(r"a=rtpmap:\d+ ([\w-]+)/")
_NOT_MEDIA: Final = frozenset({"rtx", "red", "ulpfec", "flexfec-03", "telephone-event", "cn"})


@dataclass(frozen=True)
class _Section:
    kind: str
    port: int
    lines: tuple[str, ...]

    def values(self, name: str) -> list[str]:
        return [line[len(name) + 3 :] for line in self.lines if line.startswith(f"a={name}:")]

    def codecs(self) -> set[str]:
        found = (_CODEC.match(line) for line in self.lines)
        return {match[1].lower() for match in found if match} - _NOT_MEDIA


def complete_offer(sdp: str) -> str:
    """aiortc's offer with what it does not write: each section is main content (RFC 4796), and Opus may carry
    forward error correction (RFC 7587)."""
    finished: list[str] = []
    in_media = False
    for line in sdp.splitlines():
        if line.startswith("m="):
            if in_media:
                finished.append("a=content:main")
            in_media = True
        finished.append(line)
        opus = _OPUS.match(line)
        if opus and f"a=fmtp:{opus[1]} " not in sdp:
            finished.append(f"a=fmtp:{opus[1]} useinbandfec=1")
    if in_media:
        finished.append("a=content:main")
    return "\r\n".join(finished) + "\r\n"


def has_candidates(sdp: str) -> bool:
    """Whether there is any address at which we can be reached."""
    return "\na=candidate:" in sdp


def check_answer(offer: str, answer: str) -> None:
    """Raises RoomProtocolError, naming section and fault, for an answer that cannot be meant for this offer."""
    if not answer.startswith("v=0"):
        raise RoomProtocolError("answer SDP: does not begin with v=0")
    session, sections = _parse(answer)
    _, offered = _parse(offer)
    if [(section.kind, section.values("mid")) for section in sections] != [
        (section.kind, section.values("mid")) for section in offered
    ]:
        kinds = ", ".join(section.kind for section in offered)
        raise RoomProtocolError(f"answer SDP: sections and their mid must be as offered ({kinds})")
    for section, ours in zip(sections, offered, strict=True):
        fault = _fault(session, section, ours)
        if fault:
            raise RoomProtocolError(f"answer SDP: {section.kind} section {fault}")


def _fault(session: _Section, section: _Section, ours: _Section) -> str | None:
    if section.port == 0:
        return "was refused (port 0)"
    for name in ("ice-ufrag", "ice-pwd", "fingerprint", "setup"):
        if not any((section.values(name) or session.values(name))[:1]):
            return f"has no a={name}"
    if (section.values("setup") or session.values("setup"))[0].strip() not in ("active", "passive"):
        return "has an a=setup that is neither active nor passive"
    if "a=rtcp-mux" not in section.lines:
        return "has no a=rtcp-mux"
    if not section.codecs() & ours.codecs():
        return "has no codec that was offered"
    return None


def _parse(sdp: str) -> tuple[_Section, list[_Section]]:
    """The lines before the first media section, and the media sections."""
    groups: list[list[str]] = [[]]
    for line in sdp.splitlines():
        if line.startswith("m="):
            groups.append([])
        groups[-1].append(line.rstrip())
    session = _Section("session", 0, tuple(groups[0]))
    sections = []
    for number, lines in enumerate(groups[1:], start=1):
        match = _MEDIA_LINE.fullmatch(lines[0])
        if match is None:
            raise RoomProtocolError(f"answer SDP: the m= line of section {number} is malformed")
        sections.append(_Section(match[1], int(match[2]), tuple(lines)))
    return session, sections
