"""What the bench keeps, and when it builds anew. The bench itself is a command of its own: make bench-device."""

import socket
import struct
import tomllib
from pathlib import Path

import numpy as np
import pytest

from kiosk.config import parse
from kiosk.loan.document import check
from kiosk.rooms.invitations import reader
from kiosk.rooms.pexip.settings import PexipSettings
from tests.device_bench import card
from tests.device_bench.cache import Cache, key_of
from tests.device_bench.clinician import loudest_hz
from tests.device_bench.kernel import FRAGMENT
from tests.device_bench.terminal import BOARD
from tests.device_bench.timeserver import TimeServer, answered


def test_a_build_is_kept_and_found_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    built: list[Path] = []

    def build(into: Path) -> None:
        built.append(into)
        (into / "linux").write_text(f"{len(built)}")

    first, kept = cache.get("kernel", "a", build)
    assert not kept
    again, kept = cache.get("kernel", "a", build)
    assert kept
    assert again == first
    anew, kept = cache.get("kernel", "a", build, fresh=True)
    assert not kept
    assert (anew / "linux").read_text() == "2"


def test_a_build_that_failed_is_not_found(tmp_path: Path) -> None:
    def fails(into: Path) -> None:
        (into / "half").write_text("")
        raise OSError("no space")

    cache = Cache(tmp_path)
    with pytest.raises(OSError, match="no space"):
        cache.get("kernel", "a", fails)
    found, kept = cache.get("kernel", "a", lambda into: None)
    assert not kept
    assert not list(found.iterdir())


def test_a_key_is_of_names_and_contents(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a")
    other.write_text("a")
    assert key_of([one]) != key_of([other])
    before = key_of([tmp_path])
    assert before == key_of([tmp_path])
    other.write_text("b")
    assert before != key_of([tmp_path])


def test_a_key_does_not_tell_where_the_files_lie(tmp_path: Path) -> None:
    keys = set()
    for place in ("here", "there"):
        folder = tmp_path / place / "image"
        folder.mkdir(parents=True)
        (folder / "one").write_text("a")
        keys.add(key_of([folder, folder / "one"]))
    assert len(keys) == 1


def test_the_kernel_has_every_device_of_a_terminal() -> None:
    wanted = {"GPIO_SIM", "SND_ALOOP", "VIDEO_VIMC", "DRM_VKMS", "SOFT_WATCHDOG", "EROFS_FS", "DMABUF_HEAPS_SYSTEM"}
    lines = FRAGMENT.read_text().splitlines()
    assert {f"CONFIG_{name}=y" for name in wanted} <= set(lines)


def test_a_card_is_searched_in_every_corner(tmp_path: Path) -> None:
    disk = tmp_path / "disk.img"
    with disk.open("wb") as file:
        file.truncate(3 * card.PIECE)
        for at, word in ((card.PIECE - 3, b"across"), (2 * card.PIECE + 9, "wide".encode("utf-16-le"))):
            file.seek(at)
            file.write(word)
    assert card.found(disk, ["across", "wide", "nowhere"]) == ["across", "wide"]


def test_the_virtual_board_differs_from_the_image_in_what_is_told() -> None:
    ours, product = tomllib.loads(card.image_settings(BOARD)), tomllib.loads(card.IMAGE_SETTINGS.read_text())
    assert parse(card.image_settings(BOARD)).camera.width == 320
    assert {**product["camera"], "width": 320, "height": 240} == ours["camera"]
    assert ours["health"] == product["health"]
    settings = parse(check(card.loan("https://10.77.0.1:4443"))).appointments
    room = reader(PexipSettings(node="https://10.77.0.1:4443"), settings.display_name)(settings.room)
    assert (room.alias, room.pin, room.display_name) == (card.ROOM, card.PIN, card.PATIENT)


def test_the_time_is_told_as_ntp() -> None:
    server = TimeServer("127.0.0.1", 0)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(20)
            client.sendto(bytes([0x23]) + bytes(39) + b"ORIGINAL", ("127.0.0.1", server.port))
            answer = client.recv(100)
    finally:
        server.close()
    assert answer[0] == 0x24
    assert answer[1] == 1
    assert answer[24:32] == b"ORIGINAL"
    assert answered(b"short", 0) is None
    midnight = answered(bytes(48), 0.5)
    assert midnight
    assert struct.unpack("!II", midnight[40:]) == (2_208_988_800, 1 << 31)


def test_the_loudest_tone_is_found() -> None:
    seconds = np.arange(48_000) / 48_000
    hertz, level = loudest_hz((16_384 * np.sin(2 * np.pi * 660 * seconds)).astype(np.int16).tobytes())
    assert abs(hertz - 660) < 1
    assert abs(level + 6) < 0.5
    assert loudest_hz(bytes(96_000)) == (0.0, -100.0)
    assert loudest_hz(b"") == (0.0, -100.0)
