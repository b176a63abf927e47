"""A tiny system's files, good in every respect, to be spoilt in one."""

from pathlib import Path
from typing import Final

from image.check.units import MASKED, PRESET

FILES: Final = {
    "etc/shadow": "root:!*:20000::::::\nkiosk:!*:20000::::::\n",
    "etc/passwd": "root:x:0:0:root:/root:/usr/sbin/nologin\nkiosk:x:990:990::/:/usr/sbin/nologin\n",
    "etc/machine-id": "",
    PRESET: "enable kiosk.service\nenable not-in-this-image.service\ndisable *\n",
    "usr/lib/systemd/system/kiosk.service": "[Service]\nExecStart=/opt/kiosk/bin/kiosk run\n",
    "usr/lib/systemd/system/dbus.socket": "[Socket]\nListenStream=/run/dbus/system_bus_socket\n",
    "var/lib/dpkg/status": (
        "Package: python3\nStatus: install ok installed\nInstalled-Size: 100\nArchitecture: amd64\n"
        "Version: 3.13.5-1\nSource: python3-defaults (3.13.5)\nDescription: a language\n with: colons\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n"
    ),
    "opt/kiosk/lib/python3.13/site-packages/Aio_RTC-1.16.0.dist-info/METADATA": (
        "Metadata-Version: 2.4\nName: Aio_RTC\nVersion: 1.16.0\nLicense-Expression: BSD-3-Clause\n\nWords: of it\n"
    ),
}


def good_root(folder: Path) -> Path:
    """Its folder."""
    for name, text in FILES.items():
        written(folder, name, text)
    wants = folder / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "kiosk.service").symlink_to("/usr/lib/systemd/system/kiosk.service")
    for each in MASKED:
        (folder / "etc/systemd/system" / each).symlink_to("/dev/null")
    return folder


def written(root: Path, name: str, text: str) -> Path:
    """One file more, or another one in its place."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
