"""The parts of the slow lane that need no emulator. The lane itself is a command of its own: make bench-arm64."""

import json
import platform
import shutil
import socket
import threading
from pathlib import Path

import pytest

from image.sandbox import emulation
from tests.device_bench.arm64.emulator import Monitor, Wires
from tests.device_bench.arm64.kernel import order
from tests.device_bench.host import BenchFailed

DEPENDS = """\
kernel/fs/ext4/ext4.ko.xz: kernel/lib/crc16.ko.xz kernel/fs/jbd2/jbd2.ko.xz
kernel/fs/jbd2/jbd2.ko.xz:
kernel/lib/crc16.ko.xz:
kernel/drivers/gpu/virtio-gpu.ko.xz:
"""


def test_a_module_comes_after_what_it_needs() -> None:
    assert order(["virtio_gpu edid=0", "crc32", "ext4"], DEPENDS, "kernel/lib/crc32.ko\n") == [
        ("kernel/drivers/gpu/virtio-gpu.ko.xz", "edid=0"),
        ("kernel/fs/jbd2/jbd2.ko.xz", ""),
        ("kernel/lib/crc16.ko.xz", ""),
        ("kernel/fs/ext4/ext4.ko.xz", ""),
    ]


def test_a_module_that_the_kernel_has_not_is_told() -> None:
    with pytest.raises(BenchFailed, match="no module vimc"):
        order(["vimc"], DEPENDS, "")


def test_another_processor_is_made_known_to_the_kernel_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    handlers, known = tmp_path / "handlers", tmp_path / "known"
    handlers.mkdir()
    known.mkdir()
    (handlers / "register").write_text("")
    with pytest.raises(ValueError, match="qemu-user-static"):
        emulation.begin("arm64", handlers=handlers, known=known)
    (known / "qemu-aarch64.conf").write_text(":qemu-aarch64:M::…:OPF\n")
    emulation.begin("arm64", handlers=handlers, known=known)
    assert (handlers / "register").read_text() == ":qemu-aarch64:M::…:OPF"
    (handlers / "qemu-aarch64").write_text("enabled\n")
    (handlers / "register").write_text("")
    emulation.begin("arm64", handlers=handlers, known=known)
    emulation.begin("amd64", handlers=handlers, known=tmp_path / "none")
    assert (handlers / "register").read_text() == ""


def answering(ours: socket.socket, answers: list[str]) -> list[str]:
    """What is asked on it, each answered by the next of these."""
    asked: list[str] = []

    def serve() -> None:
        with ours.makefile("rw", encoding="utf-8") as lines:
            for answer in answers:
                asked.append(lines.readline().strip())
                lines.write(answer + "\n")
                lines.flush()

    threading.Thread(target=serve, daemon=True).start()
    return asked


def test_a_wire_is_pulled_and_the_lamps_is_read() -> None:
    theirs, ours = socket.socketpair()
    with theirs, ours:
        asked = answering(ours, ["OK", "OK", "IRQ raise 4\nOK 0x0", "IRQ lower 4\nOK 0x0", "FAIL"])
        wires = Wires(theirs, "/machine/unattached/device[7]")
        wires.put(5, high=False)
        assert wires.driven(4)
        assert not wires.driven(4)
        with pytest.raises(BenchFailed, match="refuses"):
            wires.put(5, high=True)
    assert asked[1] == "set_irq_in /machine/unattached/device[7] unnamed-gpio-in 5 0"


def test_the_pin_controller_is_found_among_the_parts() -> None:
    theirs, ours = socket.socketpair()
    parts = [{"name": "device[6]", "type": "child<pl031>"}, {"name": "device[7]", "type": "child<pl061>"}]
    with theirs, ours:
        ours.sendall(b'{"QMP": {}}\n')
        asked = answering(ours, ['{"return": {}}', '{"event": "RESUME"}\n' + json.dumps({"return": parts})])
        assert Monitor(theirs).path_of("pl061") == "/machine/unattached/device[7]"
    assert json.loads(asked[1]) == {"execute": "qom-list", "arguments": {"path": "/machine/unattached"}}
