"""Who may talk to the clinic."""

import aiohttp
import pytest

from kiosk.clinic import RunningClinic, guard
from kiosk.clinic.client_api import MESSAGE_LIMIT

from .bench_terminal import WiredTerminal
from .peer import Peer


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:{port}"}, 200),
        ({"Host": "[::1]:{port}"}, 200),
        ({"Host": "evil.example:{port}"}, 403),
        ({"Origin": "http://127.0.0.1:{port}"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_no_foreign_page_can_press_the_button(
    clinic: RunningClinic, headers: dict[str, str], status: int
) -> None:
    terminal = WiredTerminal(clinic.url)
    try:
        await terminal.connect()
        sent = {name: value.format(port=clinic.port) for name, value in headers.items()}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{terminal.base}/hand", json={"event": "press"}, headers=sent) as response,
        ):
            assert response.status == status
        assert (status == 200) == any([await _pressed(terminal)])
    finally:
        await terminal.close()


async def _pressed(terminal: WiredTerminal) -> bool:
    """Whether a press came before a kill_screen that is sent now."""
    await terminal.post("hand", {"event": "kill_screen"})
    await terminal.hand("kill_screen")
    return ("press", None) in terminal.hands


async def test_links_to_pages_may_be_followed_from_elsewhere_but_pages_not_framed(clinic: RunningClinic) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with aiohttp.ClientSession() as http, http.get(f"{clinic.url}/clinician", headers=headers) as response:
        assert response.status == 200
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]


async def test_bench_and_faults_are_for_this_machine_only(
    clinic: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_is_loopback", lambda remote: False)
    async with aiohttp.ClientSession() as http:
        for path in ("/bench/api", "/bench", "/clinic/api/health"):
            async with http.get(f"{clinic.url}{path}") as response:
                assert response.status == 403
        async with http.get(f"{clinic.url}/clinician") as response:
            assert response.status == 200


async def test_wrong_bodies_are_refused_in_the_envelope(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as peer, aiohttp.ClientSession() as http:
        await peer.join("Kari", "1234", listen=False)
        url = f"{peer.base}/message"
        sent: list[tuple[bytes, str, int]] = [
            (b"{", "application/json", 415),
            (b"\xff\xfe", "application/json", 415),
            (b"[" * 100_000, "application/json", 415),
            (b'{"type": NaN}', "application/json", 415),
            (b"{}", "text/plain", 415),
            (b'"text"', "application/json", 400),
            (b'{"type": 1}', "application/json", 400),
            (b" " * (300 * 1024), "application/json", 413),
            (b'{"type": "text/plain", "payload": "%s"}' % (b"x" * MESSAGE_LIMIT), "application/json", 200),
        ]
        for body, content_type, status in sent:
            headers = {"token": peer.token, "Content-Type": content_type}
            async with http.post(url, data=body, headers=headers) as response:
                assert response.status == status, body[:40]
                assert set(await response.json()) == {"status", "result"}
        async with http.get(f"{clinic.url}/api/client/v2/status") as response:
            assert await response.json() == {"status": "success", "result": True}
        async with http.get(f"{peer.base}/request_token") as response:
            assert response.status == 405
