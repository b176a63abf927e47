"""The update's way over the network: the very program that stands in the image, and a real server on loopback."""

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.card_bench.server import PIECE_BYTES, Offer, UpdateServer
from tests.image.test_update_scripts import SCRIPTS

CONTENT = bytes(range(256)) * 9000
GOES = 3


@pytest.fixture
def server(tmp_path: Path) -> Iterator[UpdateServer]:
    made = UpdateServer(tmp_path, "127.0.0.1")
    yield made
    made.close()


class Client:
    """The program's own, which trusts this server."""

    def __init__(self, folder: Path, authority: Path | None) -> None:
        self._names: dict[str, Any] = runpy.run_path(str(SCRIPTS / "update"))
        scope = self._names["look"].__globals__
        scope["WAITS_S"] = (0,) * GOES
        scope["KEPT_FREE_BYTES"] = 0
        self.target = folder / "update/update.raucb"
        self._server = scope["Server"](str(authority) if authority else None)

    def fetch(self, url: str) -> str:
        """What it got, or why not."""
        return self._said(lambda: self._server.fetch(url).decode())

    def download(self, url: str) -> str:
        """ "" when all is well."""
        return self._said(lambda: self._server.download(url, self.target) or "")

    def _said(self, act: Callable[[], str]) -> str:
        try:
            return act()
        except self._names["Refused"] as why:
            return str(why)


@pytest.fixture
def client(tmp_path: Path, server: UpdateServer) -> Client:
    return Client(tmp_path, server.certificate)


@pytest.fixture
def offer(tmp_path: Path, server: UpdateServer) -> Offer:
    file = tmp_path / "bundle"
    file.write_bytes(CONTENT)
    made = Offer(file)
    server.offers["/update.raucb"] = made
    return made


@pytest.mark.parametrize("cuts", range(GOES))
def test_a_line_that_is_cut_goes_on_where_it_was(client: Client, server: UpdateServer, offer: Offer, cuts: int) -> None:
    offer.cuts = cuts
    assert client.download(f"{server.https}/update.raucb") == ""
    assert client.target.read_bytes() == CONTENT
    third = len(CONTENT) // 3
    assert offer.asked == ["", f"bytes={third}-", f"bytes={third + (len(CONTENT) - third) // 3}-"][: cuts + 1]


def test_a_line_that_is_always_cut_is_given_up(client: Client, server: UpdateServer, offer: Offer) -> None:
    offer.cuts = GOES
    assert client.download(f"{server.https}/update.raucb") == "the bundle did not come: the line was cut"


def test_another_bundle_in_its_place_is_fetched_from_its_beginning(
    client: Client, server: UpdateServer, offer: Offer, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(CONTENT[::-1] + b"more")
    offer.cuts = 1
    offer.after_a_cut = other
    assert client.download(f"{server.https}/update.raucb") == ""
    assert client.target.read_bytes() == other.read_bytes()
    assert offer.asked == ["", ""]


def test_what_an_earlier_night_left_is_no_part_of_it(client: Client, server: UpdateServer, offer: Offer) -> None:
    client.target.parent.mkdir()
    client.target.write_bytes(b"half of another one")
    assert client.download(f"{server.https}/update.raucb") == ""
    assert client.target.read_bytes() == CONTENT


@pytest.mark.parametrize("size", [0, 3_000_000_000, 10**15])
def test_what_does_not_fit_is_not_even_begun(client: Client, server: UpdateServer, offer: Offer, size: int) -> None:
    offer.said_bytes = size
    assert client.download(f"{server.https}/update.raucb") == f"a bundle of {size} bytes does not fit here"
    assert not client.target.exists()


def test_nobody_leads_it_away_from_tls(client: Client, server: UpdateServer, offer: Offer) -> None:
    server.answers["/stable.json"] = b"{}"
    server.moved["/away.json"] = f"{server.http}/stable.json"
    server.moved["/near.json"] = f"{server.https}/stable.json"
    assert client.fetch(f"{server.http}/stable.json") == "an address is no https"
    assert client.download(f"{server.http}/update.raucb") == "an address is no https"
    assert client.fetch("file:///etc/passwd") == "an address is no https"
    assert server.asked == []
    assert client.fetch(f"{server.https}/away.json") == "an address is no https"
    assert server.asked == ["/away.json"]
    assert client.fetch(f"{server.https}/near.json") == "{}"


def test_a_stranger_s_server_is_not_listened_to(tmp_path: Path, server: UpdateServer, offer: Offer) -> None:
    server.answers["/stable.json"] = b"{}"
    other = UpdateServer(tmp_path / "other", "127.0.0.1")
    try:
        for authority in (None, other.certificate):
            suspicious = Client(tmp_path, authority)
            assert "certificate is not trusted" in suspicious.fetch(f"{server.https}/stable.json")
            assert "certificate is not trusted" in suspicious.download(f"{server.https}/update.raucb")
    finally:
        other.close()
    assert server.asked == []


def test_a_server_that_has_nothing_is_said_so(client: Client, server: UpdateServer) -> None:
    assert client.fetch(f"{server.https}/stable.json") == "the server cannot be asked: it answers 404"
    assert client.download(f"{server.https}/update.raucb") == "the bundle did not come: it answers 404"


def test_one_bit_is_changed_on_the_way(client: Client, server: UpdateServer, offer: Offer) -> None:
    """The bench relies on it: the server's fault is one bit and no more."""
    offer.flipped_at = PIECE_BYTES + 5
    assert client.download(f"{server.https}/update.raucb") == ""
    different = [
        at for at, pair in enumerate(zip(CONTENT, client.target.read_bytes(), strict=True)) if len(set(pair)) > 1
    ]
    assert different == [PIECE_BYTES + 5]
