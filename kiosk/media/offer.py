"""Work on the text of offer and answer (SDP, RFC 8866). Pure. No message holds any of the text."""

import re
from dataclasses import dataclass
from typing import Final

from kiosk.errors import RoomProtocolError

_MEDIA_LINE: Final = re.compile(r"m=(\w+) (\d+) [A-Z/]+ .+")
_OPUS: Final = re.compile(r"a=rtpmap:(\d+) opus/48000", re.IGNORECASE)
_OPUS_WISHES: Final = "minptime=10;useinbandfec=1"
_CODEC: Final = re.compile(r"a=rtpmap:\d+ ([\w-]+)/")
_NOT_REPAIR: Final = re.compile(r"a=rtpmap:(\d+) (?!rtx/)")
_EXTENSION: Final = re.compile(r"a=extmap:(\d+)(?:/\w+)? (\S+)")
TRANSPORT_NUMBERS: Final = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_OF_TRANSPORT: Final = ("a=ice-ufrag:", "a=ice-pwd:", "a=ice-options:", "a=fingerprint:", "a=setup:")
_OF_CODECS: Final = ("a=rtpmap:", "a=fmtp:", "a=rtcp-fb:", "a=mid:", "a=rtcp-mux")
_NOT_MEDIA: Final = frozenset({"rtx", "red", "ulpfec", "flexfec-03", "telephone-event", "cn"})

ANSWER_LIMIT: Final = 100_000
"""Characters. Real answers have a tenth of it."""
SECTION_LIMIT: Final = 8
CANDIDATE_LIMIT: Final = 100
"""Each one is paired with each of ours, and each pair is checked for a minute."""


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
    """aiortc's offer with what it does not write: what each section is for (RFC 4796; a second video is the slides),
    that we tell when each packet came, and how we want Opus."""
    session, *sections = _groups(sdp)
    videos = 0
    taken = {int(found[1]) for line in sdp.splitlines() if (found := _EXTENSION.match(line))}
    number = next(number for number in range(1, 15) if number not in taken)
    for section in sections:
        videos += section[0].startswith("m=video ")
        section.append("a=content:slides" if section[0].startswith("m=video ") and videos > 1 else "a=content:main")
        section.append(f"a=extmap:{number} {TRANSPORT_NUMBERS}")
        kinds = [found[1] for line in section if (found := _NOT_REPAIR.match(line))]
        section.extend(f"a=rtcp-fb:{kind} transport-cc" for kind in kinds)
    return with_fec(_joined([session, *sections]))


def with_fec(sdp: str) -> str:
    """Our offer or answer with the wish that Opus carry forward error correction (RFC 7587, 6.1), which aiortc does not
    write."""
    groups = _groups(sdp)
    for section in groups[1:]:
        for number, line in enumerate(section):
            opus = _OPUS.match(line)
            if opus and not any(other.startswith(f"a=fmtp:{opus[1]} ") for other in section):
                section.insert(number + 1, f"a=fmtp:{opus[1]} {_OPUS_WISHES}")
    return _joined(groups)


def transport_numbers(answer: str) -> int | None:
    """The header extension in which the far end numbers its packets across all streams, for feedback on when each one
    came; None when it does not."""
    for section in _groups(answer)[1:]:
        if not section[0].startswith("m=video ") or not any(line.endswith(" transport-cc") for line in section):
            continue
        for line in section:
            found = _EXTENSION.match(line)
            if found and found[2] == TRANSPORT_NUMBERS:
                return int(found[1])
    return None


def told_numbers(answer: str) -> dict[str, int]:
    """By kind of section: the header extension for numbers across all our streams, where the far end tells when each
    of them came."""
    numbers: dict[str, int] = {}
    for section in _groups(answer)[1:]:
        if not any(line.startswith("a=rtcp-fb:") and line.endswith(" transport-cc") for line in section):
            continue
        for line in section:
            found = _EXTENSION.match(line)
            if found and found[2] == TRANSPORT_NUMBERS and not line.split()[0].endswith(("/sendonly", "/inactive")):
                numbers.setdefault(section[0][2:].split()[0], int(found[1]))
    return numbers


def has_candidates(sdp: str) -> bool:
    """Whether there is any address at which we can be reached."""
    return "\na=candidate:" in sdp


def complete_answer(offer: str, answer: str) -> str:
    """The answer as aiortc can read it: a video section that the far end refused (port 0) or, for the slides, left
    away, stands there as one in which nothing flows. Raises RoomProtocolError for an answer that cannot be one."""
    if len(answer) > ANSWER_LIMIT:
        raise RoomProtocolError(f"answer SDP: longer than {ANSWER_LIMIT} characters")
    if not answer.startswith("v=0"):
        raise RoomProtocolError("answer SDP: does not begin with v=0")
    session, *sections = _groups(answer)
    if len(sections) > SECTION_LIMIT:
        raise RoomProtocolError(f"answer SDP: more than {SECTION_LIMIT} sections")
    candidates = sum(line.startswith("a=candidate:") for section in sections for line in section)
    if candidates > CANDIDATE_LIMIT:
        raise RoomProtocolError(f"answer SDP: more than {CANDIDATE_LIMIT} candidates")
    offered = _groups(offer)[1:]
    for number, ours in enumerate(offered):
        if not ours[0].startswith("m=video ") or not sections:
            continue
        if number == len(sections) and number > 1:
            sections.append(_silent(ours, sections[0]))
        elif number < len(sections) and sections[number][0].startswith("m=video 0 "):
            sections[number] = _silent(ours, sections[0])
        else:
            continue
        mid = next((line[6:] for line in ours if line.startswith("a=mid:")), "")
        session = [
            f"{line} {mid}" if line.startswith("a=group:BUNDLE ") and mid not in line.split()[1:] else line
            for line in session
        ]
    return _joined([session, *sections])


def check_answer(offer: str, answer: str) -> None:
    """Raises RoomProtocolError, naming section and fault, for an answer that cannot be meant for this offer."""
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
    groups = _groups(sdp)
    session = _Section("session", 0, tuple(groups[0]))
    sections = []
    for number, lines in enumerate(groups[1:], start=1):
        match = _MEDIA_LINE.fullmatch(lines[0])
        if match is None:
            raise RoomProtocolError(f"answer SDP: the m= line of section {number} is malformed")
        sections.append(_Section(match[1], int(match[2]), tuple(lines)))
    return session, sections


def _silent(ours: list[str], transport: list[str]) -> list[str]:
    """A section with what we offered, on the transport of another, in which nothing flows."""
    words = ours[0].split()
    return [
        " ".join([words[0], "9", *words[2:]]),
        *(line for line in ours if line.startswith(_OF_CODECS)),
        *(line for line in transport if line.startswith(_OF_TRANSPORT)),
        "a=inactive",
    ]


def _groups(sdp: str) -> list[list[str]]:
    """The lines before the first media section, then those of each section."""
    groups: list[list[str]] = [[]]
    for line in sdp.splitlines():
        if line.startswith("m="):
            groups.append([])
        groups[-1].append(line.rstrip())
    return groups


def _joined(groups: list[list[str]]) -> str:
    return "".join(f"{line}\r\n" for group in groups for line in group)
