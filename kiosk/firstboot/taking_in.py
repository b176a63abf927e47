"""Takes in the two files of the boot partition (kiosk.card): checks them, moves what is secret to the data partition,
erases it where it was.

On the data partition, in this order, each file whole or not there:

    standing.json, acceptance.json, findings.json   removed: what held for the old settings holds no longer
    device.key              the device key; root's alone
    device.toml             this terminal's piece of the configuration, with the calendar's secret address
    networks/*.nmconnection the clinic's wireless network, for NetworkManager
    taken.json              whose settings these are: all of the above is there

and only then is the secret file on the boot partition overwritten and removed. A power cut anywhere leaves either the
card's file whole, and all is done again, or nothing to do but to finish erasing.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.card import MOST_BYTES, SECRETS_FILE, SETTINGS_FILE, Secrets, digest, parse_secrets
from kiosk.consultation.model import Wifi
from kiosk.errors import ConfigError, KioskError
from kiosk.sealing import KEY_FILE, keep_key
from kiosk.standing import STANDING_FILE
from kiosk.storage import Storage
from kiosk.wifi_profile import profile

DEVICE_FILE: Final = "device.toml"
TAKEN_FILE: Final = "taken.json"
REPORT_FILE: Final = "acceptance.json"
FINDINGS_FILE: Final = "findings.json"
NETWORKS_FOLDER: Final = "networks"
PROFILE_FILE: Final = "clinic.nmconnection"
LOAN_FOLDER: Final = "loan"


class CardRefused(KioskError):
    """What the card tells cannot be used; in words for the technician."""


def take_in(boot: Path, data: Path, configs: Sequence[Path], storage: Storage) -> bool:
    """Take in what there is. True: there was something; False: it was taken in before.

    `configs`: the image's own pieces, which the card's piece must fit. Raises CardRefused, OSError.
    """
    # What an earlier start began to erase.
    if (boot / f"{SECRETS_FILE}.old").exists() and not (boot / SECRETS_FILE).exists():
        storage.destroy(boot / SECRETS_FILE)
    written = _read(boot / SECRETS_FILE)
    if written is None:
        if (data / TAKEN_FILE).exists():
            return False
        raise CardRefused("the card holds no settings: make it with kiosk provision")
    settings = _read(boot / SETTINGS_FILE)
    if settings is None:
        raise CardRefused(f"{SETTINGS_FILE} is missing on the card: make it with kiosk provision")
    try:
        secrets = parse_secrets(written)
        _check(settings, secrets, configs)
    except ConfigError as error:
        raise CardRefused(f"{error}\nmake the card anew with kiosk provision") from None
    if (data / LOAN_FOLDER).exists():
        raise CardRefused("this terminal is lent out: return it first (kiosk wipe), then give it new settings")
    data.mkdir(mode=0o700, exist_ok=True)
    (data / NETWORKS_FOLDER).mkdir(mode=0o700, exist_ok=True)
    for name in (TAKEN_FILE, STANDING_FILE, REPORT_FILE, FINDINGS_FILE):
        (data / name).unlink(missing_ok=True)
    keep_key(data / KEY_FILE, secrets.key, storage)
    storage.write(data / DEVICE_FILE, _device_piece(settings, secrets).encode())
    _keep_wifi(data / NETWORKS_FOLDER / PROFILE_FILE, secrets.wifi, storage)
    taken = {"serial": secrets.serial, "settings": secrets.settings_digest, "made_at": secrets.made_at.isoformat()}
    storage.write(data / TAKEN_FILE, json.dumps(taken).encode() + b"\n")
    storage.destroy(boot / SECRETS_FILE)
    return True


def _check(settings: str, secrets: Secrets, configs: Sequence[Path]) -> None:
    # This runs at the first start alone; no later one need wait for it.
    from kiosk.config import load, parse  # noqa: PLC0415

    if digest(settings) != secrets.settings_digest:
        raise ConfigError(f"{SETTINGS_FILE} and {SECRETS_FILE} do not belong together, or one was changed by hand")
    if parse(settings).terminal.serial != secrets.serial:
        raise ConfigError(f"{SETTINGS_FILE} and {SECRETS_FILE} name two terminals")
    parse(_device_piece(settings, secrets))
    load(*configs)


def _device_piece(settings: str, secrets: Secrets) -> str:
    if not secrets.calendar_url:
        return settings
    address = json.dumps(secrets.calendar_url, ensure_ascii=False)
    return f'{settings}\n[appointments]\ndriver = "calendar"\nurl = {address}\n'


def _keep_wifi(path: Path, wifi: Wifi | None, storage: Storage) -> None:
    if wifi is None:
        storage.destroy(path)
    else:
        storage.write(path, profile(wifi, "clinic").encode())


def _read(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CardRefused(f"{path.name} on the card cannot be read ({type(error).__name__})") from None
