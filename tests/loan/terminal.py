"""A terminal as folders, and a patient's loan with things to look for afterwards."""

import json
from datetime import UTC, datetime
from pathlib import Path

from kiosk.consultation.model import Wifi
from kiosk.identity import DeviceKey, text
from kiosk.loan.lending import Lending, Places
from kiosk.storage import Storage
from kiosk.wifi_profile import profile
from tests.power import QuickStorage

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOAN = """
[[contact]]
name = "Poliklinikken ved Solveig"
phone = "22 33 44 55"

[screen]
language = "se"
theme = "high_contrast"

[volume]
start = 7

[appointments]
driver = "standing"
times = ["thu 10:00-10:30"]
room = "https://join.example.org/webapp/conference/771234?pin=948217"
display_name = "Kari Eriksdatter Nordmann"
"""
HOME = Wifi("Nordmanns hytte", "moltesyltetoey", hidden=False)
PLANTED = ("Kari Eriksdatter Nordmann", "948217", "771234", "Solveig", "Nordmanns hytte", "moltesyltetoey", "thu 10:00")
"""Names, a PIN, a link, an hour, a network: each once in what a loan leaves behind."""


def traces(content: bytes) -> list[str]:
    """What of the patient is found in these bytes; a network's name also as NetworkManager writes it."""
    as_numbers = ";".join(str(byte) for byte in HOME.name.encode())
    return [word for word in (*PLANTED, as_numbers) if word.encode() in content]


class LoanTerminal:
    """Taken in, with a device key; `data` may lie on any file system."""

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.places = Places(
            data=data or folder / "data",
            run=folder / "run",
            remembered=folder / "NetworkManager",
            traces=(folder / "visit.json",),
        )
        self.key = DeviceKey.new()
        self.places.data.mkdir(parents=True, exist_ok=True)
        self.places.remembered.mkdir(parents=True)
        (self.places.data / "taken.json").write_text(json.dumps({"serial": "VT-0042", "made_at": NOW.isoformat()}))
        (self.places.data / "device.toml").write_text('[rooms.pexip]\nnode = "https://join.example.org"\n')
        (self.places.data / "device.key").write_text(text(self.key.secret) + "\n")

    def lending(self, storage: Storage | None = None) -> Lending:
        return Lending(self.places, storage or QuickStorage())

    def use(self, storage: Storage | None = None) -> None:
        """Weeks at the patient's home: her network, restarts, what the machine remembers."""
        network = self.places.run / "network/Nordmanns hytte.nmconnection"
        network.write_text(profile(HOME, HOME.name))
        self.lending(storage).keep()
        (self.places.remembered / "seen-bssids").write_text("[seen-bssids]\nuuid=AA:BB:CC:DD:EE:FF\n")
        self.places.traces[0].write_text('{"appointment_id": "Solveig"}')

    def lose_power(self) -> None:
        """What lies in RAM is gone."""
        for path in sorted(self.places.run.rglob("*"), reverse=True):
            if path.is_file():
                path.unlink()
            else:
                path.rmdir()

    def everything(self) -> bytes:
        """All bytes of all files, on disk and in RAM."""
        folders = (self.places.data, self.places.run, self.places.remembered)
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in (*files, *(t for t in self.places.traces if t.exists())))

    def on_disk(self) -> bytes:
        """All bytes of all files of the data partition, and their names."""
        files = [path for path in self.places.data.rglob("*") if path.is_file()]
        return b"".join(path.name.encode() + path.read_bytes() for path in files)
