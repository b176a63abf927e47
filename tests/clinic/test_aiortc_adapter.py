"""The private names that the adapter relies on are still there; what it does with them is seen in the call tests."""

import importlib.metadata

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection
from aiortc.rtp import RtpPacket

from kiosk.clinic import aiortc_adapter
from kiosk.clinic.encoded_video import EncodedFrame


def test_version_is_the_one_it_was_written_for() -> None:
    assert importlib.metadata.version("aiortc").startswith("1.16.")


async def test_every_function_finds_its_names() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    try:
        audio, video = connection.addTransceiver("audio"), connection.addTransceiver("video")
        frames: list[EncodedFrame] = []
        aiortc_adapter.pass_sound_at_once(audio.receiver)
        aiortc_adapter.pass_encoded_video(video.receiver, "vp8", frames.append)
        aiortc_adapter.expect_bitrate(video.receiver, 1_500_000)
        aiortc_adapter.on_keyframe_request(video.sender, lambda: None)
        await aiortc_adapter.ask_for_keyframe(video.receiver)
        await connection.setLocalDescription(await connection.createOffer())
        assert aiortc_adapter.lose_packets(connection, lambda: False) > 0
    finally:
        await connection.close()


async def test_without_a_network_the_loopback_address_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: [])
    for use, found in ((False, False), (True, True)):
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        try:
            connection.addTransceiver("audio")
            if use:
                aiortc_adapter.use_loopback_if_alone(connection)
            await connection.setLocalDescription(await connection.createOffer())
            candidates = [
                line for line in connection.localDescription.sdp.splitlines() if line.startswith("a=candidate:")
            ]
            assert any(" 127.0.0.1 " in line for line in candidates) is found
        finally:
            await connection.close()


def test_a_name_that_is_gone_is_reported() -> None:
    with pytest.raises(AttributeError, match="this adapter is for aiortc"):
        aiortc_adapter.on_keyframe_request(object(), lambda: None)  # type: ignore[arg-type]


def test_sound_is_handed_on_at_once_and_late_packets_are_dropped() -> None:
    buffer = aiortc_adapter.SoundAtOnce()

    def handed_on(number: int) -> bool:
        packet = RtpPacket(sequence_number=number, timestamp=number * 960)
        packet._data = b"opus"  # type: ignore[attr-defined]
        return buffer.add(packet)[1] is not None

    assert [handed_on(n) for n in (65534, 65535, 0, 2, 1, 2, 3)] == [True, True, True, True, False, False, True]
