"""Answers that nobody would write, through aiortc itself: each is used or refused, and nothing else happens."""

import asyncio
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kiosk.errors import RoomProtocolError
from kiosk.media import Incoming, Outgoing, Settings
from kiosk.media.gathering import Gathering
from kiosk.media.ladder import Servers
from kiosk.media.offer import check_answer, complete_answer
from kiosk.media.peer import Peer

from .far_end import FarEnd
from .test_offer import AUDIO, SLIDES, VIDEO, sdp

INPUTS = 150
TEXTS = 600
SLOWEST_S = 5.0
"""For one answer, on a busy machine. Without limits a hundred thousand candidates take minutes."""

outcomes: Counter[str] = Counter()

PIECES = [
    "v=0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 96",
    "m=video 0 UDP/TLS/RTP/SAVPF 97",
    "m=video 99999999999 UDP/TLS/RTP/SAVPF x",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "a=rtpmap:96 opus/0/2",
    "a=rtpmap:-1 VP8/90000",
    "a=rtpmap:97 VP8",
    "a=fmtp:97 apt=x;;=",
    "a=fmtp:97 profile-level-id=zz",
    "a=rtcp-fb:* nack",
    "a=candidate:1 1 udp 1 256.1.1.1 1 typ host",
    "a=candidate:1 1 tcp x nowhere.invalid 70000 typ none generation",
    "a=candidate:",
    "a=end-of-candidates",
    "a=ice-ufrag:",
    "a=ice-pwd:\x00",
    "a=ice-lite",
    "a=fingerprint:md5 00",
    "a=fingerprint:sha-256",
    "a=setup:holdconn",
    "a=mid:0",
    "a=mid:",
    "a=group:BUNDLE",
    "a=group:BUNDLE 2 1 0 9",
    "a=extmap:99 urn:x",
    "a=extmap:x",
    "a=ssrc:x cname:y",
    "a=ssrc:99999999999999 cname:y",
    "a=ssrc-group:FID",
    "a=rtcp:x",
    "a=sctp-port:x",
    "c=IN IP4",
    "c=IN IP6 ::g",
    "a=sendrecv",
    "a=inactive",
    "\u2028",
    "",
]

EDIT = st.tuples(
    st.sampled_from(["insert", "replace", "delete", "repeat", "cut"]),
    st.integers(0, 10_000),
    st.sampled_from(PIECES) | st.text(max_size=40),
)


def edited(sdp: str, edits: list[tuple[str, int, str]]) -> str:
    lines = sdp.splitlines()
    for kind, place, text in edits:
        at = place % (len(lines) + 1)
        match kind:
            case "insert":
                lines.insert(at, text)
            case "replace":
                lines[at : at + 1] = [text]
            case "delete":
                del lines[at : at + 1]
            case "repeat":
                lines[at:at] = lines[at : at + 1] * (place % 300)
            case _:
                lines[at : at + 1] = [line[: place % (len(line) + 1)] for line in lines[at : at + 1]]
    return "\r\n".join(lines) + "\r\n"


async def use(edits: list[tuple[str, int, str]]) -> str:
    far, peer = FarEnd(send=False), _peer()
    try:
        answer = edited(await far.offer(await peer.offer()), edits)
        begun_s = time.monotonic()
        try:
            await peer.answer(answer)
        except RoomProtocolError:
            outcome = "refused"
        else:
            outcome = "used"
        assert time.monotonic() - begun_s < SLOWEST_S
        return outcome
    finally:
        await peer.close()
        await far.close()


def _peer() -> Peer:
    gathering = Gathering(Servers(), relays_only=False, worked=None, ca_file=None)
    return Peer(Settings(width=320, height=240), Outgoing(), Incoming(), gathering, video=True)


@settings(
    max_examples=INPUTS,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(EDIT, min_size=1, max_size=5))
def _every_answer_is_used_or_refused(edits: list[tuple[str, int, str]]) -> None:
    outcomes[asyncio.run(use(edits))] += 1


def test_every_answer_is_used_or_refused() -> None:
    _every_answer_is_used_or_refused()
    print(f"\nanswers tried: {outcomes.total()} ({', '.join(f'{n} {what}' for what, n in outcomes.items())})")
    assert outcomes.total() >= INPUTS
    assert min(outcomes["used"], outcomes["refused"]) > 0


texts: Counter[str] = Counter()


@settings(max_examples=TEXTS, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(EDIT, max_size=30))
def _every_text_is_kept_or_refused(edits: list[tuple[str, int, str]]) -> None:
    offer = sdp(AUDIO, VIDEO, SLIDES)
    try:
        check_answer(offer, complete_answer(offer, edited(offer, edits)))
    except RoomProtocolError:
        texts["refused"] += 1
    else:
        texts["kept"] += 1


def test_every_text_is_kept_or_refused() -> None:
    _every_text_is_kept_or_refused()
    print(f"\nanswer texts tried: {texts.total()}")
    assert texts.total() >= TEXTS
    assert min(texts["kept"], texts["refused"]) > 0
