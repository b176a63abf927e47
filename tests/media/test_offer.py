"""Work on SDP text: tables."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import RoomProtocolError
from kiosk.media.offer import (
    TRANSPORT_NUMBERS,
    check_answer,
    complete_answer,
    complete_offer,
    has_candidates,
    told_numbers,
    transport_numbers,
)

AUDIO = [
    "m=audio 40001 UDP/TLS/RTP/SAVPF 96 0",
    "a=mid:0",
    "a=rtpmap:96 opus/48000/2",
    "a=rtpmap:0 PCMU/8000",
    "a=ice-ufrag:abcd",
    "a=ice-pwd:secret",
    "a=candidate:1 1 udp 1 192.0.2.1 40001 typ host",
    "a=fingerprint:sha-256 AA",
    "a=setup:active",
    "a=rtcp-mux",
]
VIDEO = [
    "m=video 40001 UDP/TLS/RTP/SAVPF 97 98",
    "a=mid:1",
    "a=rtpmap:97 VP8/90000",
    "a=rtpmap:98 rtx/90000",
    "a=ice-ufrag:abcd",
    "a=ice-pwd:secret",
    "a=fingerprint:sha-256 AA",
    "a=setup:active",
    "a=rtcp-mux",
]
FEEDBACK = [
    f"a=extmap:1 {TRANSPORT_NUMBERS}",
    "a=rtcp-fb:96 transport-cc",
    "a=rtcp-fb:0 transport-cc",
    "a=rtcp-fb:97 transport-cc",
]


def sdp(*sections: list[str], end: str = "\r\n") -> str:
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", *(line for section in sections for line in section)]
    return end.join(lines) + end


def test_each_section_is_marked_and_opus_may_correct_errors() -> None:
    fec = [*AUDIO[:3], "a=fmtp:96 minptime=10;useinbandfec=1", *AUDIO[3:]]
    expected = sdp([*fec, "a=content:main", *FEEDBACK[:3]], [*VIDEO, "a=content:main", FEEDBACK[0], FEEDBACK[3]])
    assert complete_offer(sdp(AUDIO, VIDEO)) == expected
    assert complete_offer(sdp(AUDIO, VIDEO, end="\n")) == expected


def test_parameters_that_opus_already_has_are_kept() -> None:
    own = [*AUDIO, "a=fmtp:96 stereo=0"]
    assert complete_offer(sdp(own)) == sdp([*own, "a=content:main", *FEEDBACK[:3]])


def test_feedback_is_offered_under_a_number_that_is_free() -> None:
    offer = complete_offer(sdp([*AUDIO, "a=extmap:1 urn:a", "a=extmap:3/recvonly urn:b"], [*VIDEO, "a=extmap:2 urn:c"]))
    assert offer.count(f"a=extmap:4 {TRANSPORT_NUMBERS}") == 2


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([FEEDBACK[0], "a=rtcp-fb:97 transport-cc"], 1),
        ([f"a=extmap:12/sendonly {TRANSPORT_NUMBERS}", "a=rtcp-fb:* transport-cc"], 12),
        ([FEEDBACK[0]], None),
        (["a=rtcp-fb:97 transport-cc", "a=extmap:1 urn:other"], None),
        ([], None),
    ],
)
def test_feedback_is_given_where_the_far_end_agrees(more: list[str], expected: int | None) -> None:
    assert transport_numbers(sdp(AUDIO, [*VIDEO, *more])) == expected
    assert transport_numbers(sdp([*AUDIO, *more], VIDEO)) is None


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        ([FEEDBACK[0], "a=rtcp-fb:97 transport-cc"], True),
        ([f"a=extmap:1/recvonly {TRANSPORT_NUMBERS}", "a=rtcp-fb:* transport-cc"], True),
        ([f"a=extmap:1/sendonly {TRANSPORT_NUMBERS}", "a=rtcp-fb:97 transport-cc"], False),
        ([FEEDBACK[0]], False),
        (["a=rtcp-fb:97 transport-cc"], False),
    ],
)
def test_packets_are_numbered_where_the_far_end_tells_of_them(more: list[str], is_told: bool) -> None:
    assert told_numbers(sdp([*AUDIO, *more], VIDEO)) == ({"audio": 1} if is_told else {})
    assert told_numbers(sdp(AUDIO, [*VIDEO, *more])) == ({"video": 1} if is_told else {})


@pytest.mark.parametrize(("section", "expected"), [(AUDIO, True), (VIDEO, False)])
def test_candidates_are_found(section: list[str], expected: bool) -> None:
    assert has_candidates(sdp(section)) is expected


def without(section: list[str], start: str) -> list[str]:
    return [line for line in section if not line.startswith(start)]


def with_line(section: list[str], start: str, line: str) -> list[str]:
    return [line if old.startswith(start) else old for old in section]


@pytest.mark.parametrize(
    "answer",
    [
        sdp(AUDIO, VIDEO),
        sdp(AUDIO, VIDEO, end="\n"),
        sdp(AUDIO, with_line(VIDEO, "a=setup", "a=setup:passive")),
        sdp(AUDIO, with_line(VIDEO, "a=rtpmap:97", "a=rtpmap:120 vp8/90000")),
        sdp([*AUDIO, "b=AS:64", "a=content:main", "x"], VIDEO),
        # What is said once for all sections counts for each.
        sdp(without(AUDIO, "a=fingerprint"), without(VIDEO, "a=fingerprint")).replace(
            "t=0 0\r\n", "t=0 0\r\na=fingerprint:sha-256 AA\r\n"
        ),
    ],
)
def test_usable_answers(answer: str) -> None:
    check_answer(sdp(AUDIO, VIDEO), answer)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "does not begin with v=0"),
        ("<html>", "does not begin with v=0"),
        (sdp(), "sections and their mid must be as offered (audio, video)"),
        (sdp(AUDIO), "sections and their mid"),
        (sdp(VIDEO, AUDIO), "sections and their mid"),
        (sdp(AUDIO, VIDEO, VIDEO), "sections and their mid"),
        (sdp(AUDIO, with_line(VIDEO, "a=mid", "a=mid:7")), "sections and their mid"),
        (sdp(AUDIO, with_line(VIDEO, "m=", "m=video")), "m= line of section 2 is malformed"),
        (sdp(with_line(AUDIO, "m=", "m=audio 0 RTP/SAVPF 96"), VIDEO), "audio section was refused"),
        (sdp(without(AUDIO, "a=ice-ufrag"), VIDEO), "audio section has no a=ice-ufrag"),
        (sdp(AUDIO, without(VIDEO, "a=ice-pwd")), "video section has no a=ice-pwd"),
        (sdp(AUDIO, without(VIDEO, "a=fingerprint")), "video section has no a=fingerprint"),
        (sdp(AUDIO, without(VIDEO, "a=setup")), "video section has no a=setup"),
        (sdp(AUDIO, with_line(VIDEO, "a=setup", "a=setup:actpass")), "neither active nor passive"),
        (sdp(AUDIO, without(VIDEO, "a=rtcp-mux")), "video section has no a=rtcp-mux"),
        (sdp(AUDIO, with_line(VIDEO, "a=rtpmap:97", "a=rtpmap:97 AV1/90000")), "no codec that was offered"),
    ],
)
def test_unusable_answers_are_named(answer: str, message: str) -> None:
    with pytest.raises(RoomProtocolError) as caught:
        check_answer(sdp(AUDIO, VIDEO), complete_answer(sdp(AUDIO, VIDEO), answer))
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


SLIDES = [line.replace("mid:1", "mid:2") for line in VIDEO]


def grouped(text: str, mids: str = "0 1") -> str:
    return text.replace("t=0 0\r\n", f"t=0 0\r\na=group:BUNDLE {mids}\r\n")


def test_the_second_video_is_marked_as_slides() -> None:
    marks = [line for line in complete_offer(sdp(AUDIO, VIDEO, SLIDES)).splitlines() if line.startswith("a=content")]
    assert marks == ["a=content:main", "a=content:main", "a=content:slides"]


@pytest.mark.parametrize(
    ("answer", "silent"),
    [
        (sdp(AUDIO, VIDEO, SLIDES), []),
        (sdp(AUDIO, VIDEO), ["2"]),
        (sdp(AUDIO, VIDEO, ["m=video 0 RTP/SAVPF 97", "a=mid:2"]), ["2"]),
        (sdp(AUDIO, ["m=video 0 RTP/SAVPF 97", "a=mid:1"]), ["1", "2"]),
        (sdp(AUDIO, ["m=video 0 RTP/SAVPF 97"], ["m=video 0 RTP/SAVPF 97"]), ["1", "2"]),
    ],
)
def test_a_refused_picture_becomes_one_in_which_nothing_flows(answer: str, silent: list[str]) -> None:
    offer = sdp(AUDIO, VIDEO, SLIDES)
    complete = complete_answer(offer, grouped(answer, " ".join(mid for mid in "012" if mid not in silent)))
    check_answer(offer, complete)
    session, *sections = complete.split("m=")
    assert set(session.split("BUNDLE ")[1].split()) == {"0", "1", "2"}
    mids = [section.split("a=mid:")[1].split()[0] for section in sections if "a=inactive" in section]
    assert mids == silent


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("v=0\r\n" + "a" * 100_000, "longer than 100000 characters"),
        (sdp(*[VIDEO] * 9), "more than 8 sections"),
        (sdp([*AUDIO, *["a=candidate:1 1 udp 1 192.0.2.1 1 typ host"] * 100], VIDEO), "more than 100 candidates"),
    ],
)
def test_a_huge_answer_is_refused(answer: str, message: str) -> None:
    with pytest.raises(RoomProtocolError, match=message):
        complete_answer(sdp(AUDIO, VIDEO), answer)


@given(st.lists(st.sampled_from([*AUDIO, *VIDEO, "v=0", "m=", "a=", "a=mid", "m=video x y", ""]), max_size=30))
def test_no_answer_does_more_than_be_refused(lines: list[str]) -> None:
    with contextlib.suppress(RoomProtocolError):
        check_answer(sdp(AUDIO, VIDEO), complete_answer(sdp(AUDIO, VIDEO), "v=0\r\n" + "\r\n".join(lines)))
