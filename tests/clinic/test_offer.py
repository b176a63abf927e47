"""What an offer must hold."""

import pytest

from kiosk.clinic.offer import OfferError, read_offer

TRANSPORT = """\
a=ice-ufrag:abcd
a=ice-pwd:0123456789abcdef01234567
a=fingerprint:sha-256 00:11
a=setup:actpass
a=rtcp-mux
"""
SESSION = "v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\na=group:BUNDLE 0 1\n"
AUDIO = f"m=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:0\na=rtpmap:111 opus/48000/2\n{TRANSPORT}"
VIDEO = f"m=video 9 UDP/TLS/RTP/SAVPF 96\na=mid:1\na=rtpmap:96 VP8/90000\n{TRANSPORT}"
SLIDES = VIDEO.replace("mid:1", "mid:2") + "a=content:slides\n"
GOOD = SESSION + AUDIO + VIDEO
THREE = SESSION.replace("0 1\n", "0 1 2\n") + AUDIO + VIDEO


def test_correct_offers_are_read() -> None:
    assert read_offer(GOOD, "vp8").kinds == ("audio", "video")
    assert read_offer(GOOD.replace("\n", "\r\n"), "vp8").first_mid == "0"
    assert read_offer(THREE + SLIDES, "vp8").kinds == ("audio", "video", "video")
    assert read_offer(SESSION.replace(" 1\n", "\n") + AUDIO, "vp8", "audio").kinds == ("audio",)


@pytest.mark.parametrize(
    ("sdp", "says"),
    [
        ("", "does not begin with v=0"),
        (SESSION, "has no active media section"),
        ("v=0\n" + "a=x\n" * 30_000, "longer than 100000 characters"),
        (GOOD.replace("a=group:BUNDLE 0 1\n", ""), "has no a=group:BUNDLE line"),
        (GOOD.replace("BUNDLE 0 1", "BUNDLE 0"), "video section: its mid is not in a=group:BUNDLE"),
        (GOOD.replace("a=ice-ufrag:abcd\n", ""), "audio section: no a=ice-ufrag line"),
        (GOOD.replace("a=ice-pwd:0123456789abcdef01234567\n", ""), "audio section: no a=ice-pwd line"),
        (GOOD.replace("a=fingerprint:sha-256 00:11\n", ""), "audio section: no a=fingerprint line"),
        (GOOD.replace("a=setup:actpass\n", ""), "audio section: no a=setup line"),
        (GOOD.replace("actpass", "active"), "an offer must say a=setup:actpass, not active"),
        (GOOD.replace("a=rtcp-mux\n", ""), "audio section: no a=rtcp-mux line"),
        (GOOD.replace("a=mid:1\n", ""), "video section: no a=mid line"),
        (GOOD.replace("opus", "G722"), "audio section: OPUS/48000/2 is not offered"),
        (GOOD.replace("VP8", "AV1"), "video section: VP8/90000 is not offered"),
        (GOOD.replace("m=video 9", "m=text 9"), "only audio, video and application are known"),
        (GOOD.replace("m=video 9 UDP", "m=video nine UDP"), "has a malformed m= line"),
        (SESSION + VIDEO + AUDIO, "sections must be audio, main video, slides"),
        (THREE + SLIDES.replace("a=content:slides\n", ""), "second video section: no a=content:slides line"),
    ],
)
def test_what_is_missing_is_named(sdp: str, says: str) -> None:
    with pytest.raises(OfferError, match=says):
        read_offer(sdp, "vp8")


def test_codec_and_media_type_must_agree() -> None:
    with pytest.raises(OfferError, match="H264/90000 is not offered"):
        read_offer(GOOD, "h264")
    with pytest.raises(OfferError, match="media_type audio, but"):
        read_offer(GOOD, "vp8", "audio")
