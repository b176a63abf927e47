"""What the bench keeps, and when it builds anew. The bench itself is a command of its own: make bench-device."""

from pathlib import Path

import numpy as np
import pytest

from tests.device_bench.cache import Cache, key_of
from tests.device_bench.clinician import loudest_hz
from tests.device_bench.kernel import FRAGMENT


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


def test_the_loudest_tone_is_found() -> None:
    seconds = np.arange(48_000) / 48_000
    hertz, level = loudest_hz((16_384 * np.sin(2 * np.pi * 660 * seconds)).astype(np.int16).tobytes())
    assert abs(hertz - 660) < 1
    assert abs(level + 6) < 0.5
    assert loudest_hz(bytes(96_000)) == (0.0, -100.0)
    assert loudest_hz(b"") == (0.0, -100.0)
