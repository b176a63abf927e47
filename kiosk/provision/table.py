"""The devices to make: a table of a spreadsheet, and what the command line says for all of them. Tells all faults."""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args, get_type_hints

from kiosk import config
from kiosk.appointments.address import check_address
from kiosk.appointments.wifi_code import LONGEST_NAME_BYTES
from kiosk.card import Device, settings_text
from kiosk.consultation.model import Wifi
from kiosk.devices.screen import Settings as ScreenSettings
from kiosk.errors import ConfigError, RoomRefused
from kiosk.rooms.pexip.address import base_url

COLUMNS: Final[Mapping[str, str]] = {
    "serial": "asset number, on the label: up to 20 letters, digits and hyphens",
    "contact_name": "whom the patient rings: the clinic",
    "contact_phone": "its telephone number",
    "contact_hours": "when somebody answers, in the clinic's words (may be left out)",
    "node": "the video platform's address, such as https://join.example.org",
    "allowed_hosts": "hosts whose rooms may be entered, with spaces between them (left out: the node alone)",
    "language": "of the screen (left out: nb)",
    "calendar_url": "secret address of this terminal's own calendar (may be left out)",
    "wifi_name": "wireless network at the clinic or the patient's home (left out: cable)",
    "wifi_password": "its password (left out: it wants none)",
    "wifi_hidden": "yes when it does not tell its name by itself",
}
NEEDED: Final = ("serial", "contact_name", "contact_phone", "node")
LONGEST_CELL: Final = 300
MOST_BYTES: Final = 5_000_000

_LANGUAGES: Final = get_args(get_type_hints(ScreenSettings)["language"])
_SERIAL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_YES: Final = {"yes": True, "ja": True, "1": True, "true": True, "no": False, "nei": False, "0": False, "false": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend before any card is written."""

    where: str
    """Such as "row 7, contact_phone"."""
    told: str

    def __str__(self) -> str:
        return f"{self.where}: {self.told}"


def read_table(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Each row's number in the spreadsheet and its cells by column; empty rows are left out. Raises ConfigError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise ConfigError(f"{path}: larger than {MOST_BYTES // 1_000_000} MB: is it a table?")
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save it as “CSV UTF-8” in the spreadsheet") from None
    first = content.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        records = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ConfigError(f"{path}: not a table: {error}") from None
    if not records:
        raise ConfigError(f"{path}: empty; its first row must name the columns: {', '.join(COLUMNS)}")
    names = [name.strip().lower() for name in records[0]]
    faults = [f"{path}: {fault}" for fault in _header_faults(names)]
    rows = []
    for number, cells in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            faults.append(f"{path}: row {number}: more cells than the first row has names")
        rows.append((number, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}))
    if not rows and not faults:
        faults.append(f"{path}: has no device: only the first row, with the columns' names")
    if faults:
        raise ConfigError("\n".join(faults))
    return rows


def devices(
    rows: Sequence[tuple[int, Mapping[str, str]]], for_all: Mapping[str, str]
) -> tuple[list[Device], list[Fault]]:
    """The devices, and every fault of every row. What `for_all` says holds where a row says nothing."""
    made: list[Device] = []
    faults: list[Fault] = []
    first_row: dict[str, int] = {}
    for number, cells in rows:
        words = {**for_all, **{name: cell for name, cell in cells.items() if cell}}
        found = [Fault(_place(number, name), told) for name, told in _cell_faults(words)]
        serial = words.get("serial", "")
        twin = first_row.setdefault(serial.upper(), number) if serial else number
        if twin != number:
            found.append(Fault(_place(number, "serial"), f"row {twin} has the same: two cards of one identity"))
        if not found:
            device = _device(words)
            # What the terminal itself will say of it, with its own reader.
            try:
                config.parse(settings_text(device))
            except ConfigError as error:
                found += [Fault(_place(number, ""), line) for line in str(error).splitlines()]
            else:
                made.append(device)
        faults += found
    return made, faults


def _place(number: int, column: str) -> str:
    row = f"row {number}" if number else "command line"
    return f"{row}, {column}" if column else row


def _header_faults(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name and name not in COLUMNS:
            meant = difflib.get_close_matches(name, COLUMNS, n=1)
            yield f"row 1: unknown column {name[:30]!r}; " + (
                f"did you mean {meant[0]}?" if meant else f"known are: {', '.join(COLUMNS)}"
            )
        if name and names.count(name) > 1:
            yield f"row 1: column {name[:30]!r} stands there twice"


def _cell_faults(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Column and what is wrong. Values are not repeated: one may be a password."""
    for name in NEEDED:
        if not words.get(name):
            yield name, "missing"
    for name, cell in words.items():
        if len(cell) > LONGEST_CELL:
            yield name, f"longer than {LONGEST_CELL} letters"
        elif not cell.isprintable():
            yield name, "has a line break, a tab or another sign that cannot be printed"
    serial, phone, node = words.get("serial", ""), words.get("contact_phone", ""), words.get("node", "")
    if serial and not _SERIAL.fullmatch(serial):
        yield "serial", "must be 1 to 20 letters, digits and hyphens"
    if phone:
        fault = _phone_fault(phone)
        if fault:
            yield "contact_phone", fault
    if node:
        try:
            base_url(node)
        except RoomRefused as error:
            yield "node", str(error).partition(": ")[2]
    for host in words.get("allowed_hosts", "").split():
        try:
            base_url(f"https://{host.removeprefix('*.')}")
        except RoomRefused:
            yield "allowed_hosts", "must be hosts such as join.example.org or *.example.org, with spaces between them"
            break
    if words.get("language", "nb") not in _LANGUAGES:
        yield "language", f"must be one of {', '.join(_LANGUAGES)}"
    if words.get("calendar_url"):
        try:
            check_address(words["calendar_url"])
        except ConfigError as error:
            yield "calendar_url", str(error).partition(": ")[2] or str(error)
    yield from _wifi_faults(words)


def _wifi_faults(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name, password = words.get("wifi_name", ""), words.get("wifi_password", "")
    if len(name.encode()) > LONGEST_NAME_BYTES:
        yield "wifi_name", f"longer than {LONGEST_NAME_BYTES} bytes, which no network's name is"
    if password and not name:
        yield "wifi_name", "missing, though there is a password"
    # IEEE 802.11: 8 to 63 ASCII characters, or 64 hexadecimal digits.
    usable = password.isascii() and (8 <= len(password) <= 63 or re.fullmatch(r"[0-9A-Fa-f]{64}", password))
    if password and not usable:
        yield "wifi_password", "must have 8 to 63 plain characters"
    if words.get("wifi_hidden", "no").lower() not in _YES:
        yield "wifi_hidden", "must be yes or no"


def _phone_fault(phone: str) -> str | None:
    digits = re.sub(r"[ ().-]", "", phone.removeprefix("+"))
    if not digits.isdecimal() or not digits.isascii():
        return "must be a telephone number: digits and spaces, perhaps + before them"
    national = digits.removeprefix("47") if phone.startswith("+47") else digits
    if phone.startswith("+") and not phone.startswith("+47"):
        return None if 7 <= len(digits) <= 15 else "a number with + has 7 to 15 digits"
    # Norway's plan: 8 digits, or 5 (02000 to 09999); 116 117 and its like have 6.
    short = (len(national) == 5 and national[0] == "0") or (len(national) == 6 and national.startswith("116"))
    return None if short or len(national) == 8 else "a Norwegian number has 8 digits"


def _device(words: Mapping[str, str]) -> Device:
    name = words.get("wifi_name", "")
    hidden = _YES[words.get("wifi_hidden", "no").lower()]
    return Device(
        serial=words["serial"],
        contact_name=words["contact_name"],
        contact_phone=words["contact_phone"],
        node=base_url(words["node"]),
        contact_hours=words.get("contact_hours", ""),
        allowed_hosts=tuple(words.get("allowed_hosts", "").split()),
        language=words.get("language", "nb"),
        calendar_url=words.get("calendar_url", ""),
        wifi=Wifi(name, words.get("wifi_password") or None, hidden) if name else None,
    )
