"""Inside the emulated machine: what a board's firmware would have brought, and what stands in for its parts."""

import subprocess
from pathlib import Path

REVISION = "c03115"
"""A Raspberry Pi 4B with 4 GB, as its firmware writes it."""
CPUINFO = Path("/run/bench-cpuinfo")
FOLDER = Path("/run/terminal-bench")
"""What the bench gives to the terminal: its appointments."""
SETTINGS = Path("/usr/share/kiosk/image.toml")
HERE = Path(__file__).parent


def main() -> None:
    known = Path("/proc/cpuinfo").read_text()
    CPUINFO.write_text(f"{known}\nRevision\t: {REVISION}\nModel\t\t: Raspberry Pi 4 Model B Rev 1.5\n")
    subprocess.run(["mount", "--bind", str(CPUINFO), "/proc/cpuinfo"], check=True)
    FOLDER.mkdir(mode=0o755, exist_ok=True)
    (FOLDER / "appointments.json").write_bytes((HERE / "appointments.json").read_bytes())
    ours = FOLDER / SETTINGS.name
    ours.write_bytes((HERE / SETTINGS.name).read_bytes())
    subprocess.run(["mount", "--bind", str(ours), str(SETTINGS)], check=True)


if __name__ == "__main__":
    main()
