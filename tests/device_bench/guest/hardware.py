"""Inside the virtual machine: what a board's wiring and firmware would have brought, out of the kernel's simulators."""

import subprocess
from pathlib import Path

PINS = Path("/sys/kernel/config/gpio-sim/pins")
LABEL = "pinctrl-bcm2711"
LINES = 58
"""A Raspberry Pi 4's pin controller: its label and its lines."""
REVISION = "c03115"
"""A Raspberry Pi 4B with 4 GB, as its firmware writes it."""
CPUINFO = Path("/run/bench-cpuinfo")
HEAP = Path("/dev/dma_heap/linux,cma")
FOLDER = Path("/run/terminal-bench")
"""What the bench gives to the terminal: its appointments and a certificate."""
IMAGE_SETTINGS = Path("/usr/share/kiosk/image.toml")
"""The bench's own says what stands in for a board's camera and sound."""
DEVICE_SETTINGS = Path("/persistent/kiosk/device.toml")
"""What a technician's card would have brought; only where the bench gives it instead."""
HERE = Path(__file__).parent


def main() -> None:
    _pins()
    _board()
    if not HEAP.exists():
        # A Pi's kernel keeps one for the camera; any other has only the heap of the system.
        HEAP.symlink_to("system")
    FOLDER.mkdir(mode=0o755, exist_ok=True)
    for name in ("door.pem", "appointments.json"):
        (FOLDER / name).write_bytes((HERE / name).read_bytes())
    image, device = (HERE / each.name for each in (IMAGE_SETTINGS, DEVICE_SETTINGS))
    if image.exists():
        ours = FOLDER / image.name
        ours.write_bytes(image.read_bytes())
        subprocess.run(["mount", "--bind", str(ours), str(IMAGE_SETTINGS)], check=True)
    if device.exists():
        DEVICE_SETTINGS.parent.mkdir(mode=0o700, exist_ok=True)
        DEVICE_SETTINGS.write_bytes(device.read_bytes())
    # Nobody holds the button: its pull-up has it high.
    line("button", 17).joinpath("pull").write_text("pull-up")


def line(_name: str, number: int) -> Path:
    """The simulator's side of a pin."""
    device = (PINS / "dev_name").read_text().strip()
    chip = (PINS / "bank0/chip_name").read_text().strip()
    return Path(f"/sys/devices/platform/{device}/{chip}/sim_gpio{number}")


def _pins() -> None:
    if not PINS.parent.exists():
        subprocess.run(["mount", "-t", "configfs", "none", "/sys/kernel/config"], check=True)
    bank = PINS / "bank0"
    bank.mkdir(parents=True)
    (bank / "num_lines").write_text(str(LINES))
    (bank / "label").write_text(LABEL)
    (PINS / "live").write_text("1")


def _board() -> None:
    known = Path("/proc/cpuinfo").read_text()
    CPUINFO.write_text(f"{known}\nRevision\t: {REVISION}\nModel\t\t: Raspberry Pi 4 Model B Rev 1.5\n")
    subprocess.run(["mount", "--bind", str(CPUINFO), "/proc/cpuinfo"], check=True)


if __name__ == "__main__":
    main()
