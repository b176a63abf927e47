"""A connection as a whole: its codecs, its path, its end."""

import asyncio
from typing import Any

from aioice import stun
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpTransceiver

PROBE_RETRANSMISSIONS = 1
RTP_HEADER_BYTES = 12


def negotiated_codec(transceiver: RTCRtpTransceiver) -> tuple[str, int] | None:
    """Name ("opus", "VP8", "H264" …) and clock rate (Hz) of what flows, once the answer is in use; None before, and
    when nothing flows."""
    if not transceiver._codecs or transceiver.currentDirection in (None, "inactive"):
        return None
    return str(transceiver._codecs[0].name), int(transceiver._codecs[0].clockRate)


class ByteCount:
    """Counts what a receiver gets, RTP with its headers: aiortc itself does not."""

    def __init__(self, receiver: RTCRtpReceiver) -> None:
        self.received = 0
        handle = receiver._handle_rtp_packet

        async def counted(packet: Any, arrival_time_ms: int) -> None:
            self.received += RTP_HEADER_BYTES + len(packet.payload)
            await handle(packet, arrival_time_ms=arrival_time_ms)

        vars(receiver)["_handle_rtp_packet"] = counted


async def is_answered(connection: RTCPeerConnection) -> bool:
    """Ask the far end's ICE agent for a sign of life over the path in use (a consent check, RFC 7675), 1.5 s at most.

    True when an authenticated answer came.
    """
    for ice in ice_connections(connection):
        pair = ice._nominated.get(1)
        if pair is None:
            continue
        request = ice.build_request(pair, nominate=False)
        try:
            await pair.protocol.request(
                request,
                pair.remote_addr,
                integrity_key=str(ice.remote_password).encode(),
                retransmissions=PROBE_RETRANSMISSIONS,
            )
        except (stun.TransactionError, OSError):
            continue
        return True
    return False


def path_in_use(connection: RTCPeerConnection) -> object | None:
    """aioice's protocol that carries the packets; None before there is a path."""
    pairs = [ice._nominated.get(1) for ice in ice_connections(connection)]
    return next((pair.protocol for pair in pairs if pair is not None), None)


async def settle(connection: RTCPeerConnection) -> None:
    """After closing: wait for connecting to notice, and end what it still began.

    aioice 0.13 starts its endless consent checks even when it was closed in the moment of success.
    """
    for transport in _ice_transports(connection):
        started = transport._RTCIceTransport__start
        if started is not None:
            await started.wait()
        _cancel(transport._connection._query_consent_task)


def abort(connection: RTCPeerConnection) -> None:
    """Close the sockets of a connection that does not close by itself, as one that waits for a dead TURN server."""
    for ice in ice_connections(connection):
        for protocol in ice._protocols:
            # A relayed path is a transport over the one to the server.
            transport = protocol.transport
            inner = getattr(transport, "_TurnTransport__inner_protocol", None)
            if inner is not None:
                _cancel(transport._TurnTransport__close_task)
                _cancel(inner.refresh_task)
                transport = inner.transport
            if transport is not None and not transport.is_closing():
                transport.abort()


def _cancel(task: "asyncio.Task[None] | None") -> None:
    if task is not None:
        task.cancel()


def ice_connections(connection: RTCPeerConnection) -> list[Any]:
    """aioice's Connection of each transport; all sections share one after bundling."""
    return [transport._connection for transport in _ice_transports(connection)]


def _ice_transports(connection: RTCPeerConnection) -> set[Any]:
    return {transceiver.receiver.transport.transport for transceiver in connection.getTransceivers()}
