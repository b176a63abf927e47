"""The document of a loan: a piece of the configuration that may say only what belongs to a loan; as a file, or as the
text of a QR code.

    [[contact]]                          whom this patient rings
    [screen]  language, theme, dark_from_hour, dark_until_hour
    [volume]  start
    [appointments]                       where her appointments come from
    [policy], [texts], [speech]          what the clinic decides for her
"""

import tomllib
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kiosk.errors import ConfigError, RoomRefused
from kiosk.identity import from_text, text

MOST_BYTES: Final = 65_536
CODE_PREFIX: Final = "KIOSK-LOAN."
MOST_CODE_BYTES: Final = 2000
"""What a camera still reads off paper: a code of 97 squares and more has to be printed large."""
_ANY: Final = None
_ALLOWED: Final[Mapping[str, frozenset[str] | None]] = {
    "contact": _ANY,
    "appointments": _ANY,
    "policy": _ANY,
    "texts": _ANY,
    "screen": frozenset({"language", "theme", "dark_from_hour", "dark_until_hour"}),
    "volume": frozenset({"start"}),
    "speech": frozenset({"spoken"}),
}


def read_file(path: Path) -> str:
    """Raises ConfigError."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{path}: larger than {MOST_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text") from None


def check(written: str) -> str:
    """The piece of the configuration that makes this terminal the patient's. Raises ConfigError with every fault."""
    try:
        said = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the loan is no TOML: {error}") from None
    faults = [*_strange(said)]
    if "appointments" not in said:
        faults.append("appointments: missing; it says where this patient's appointments come from")
    # Opening a loan at each start asks for no check, and need not wait for what a configuration may hold.
    from kiosk.config import parse  # noqa: PLC0415

    try:
        parse(written)
    except ConfigError as error:
        faults += str(error).splitlines()
    if faults:
        raise ConfigError("\n".join(faults))
    return f"[terminal]\nassigned = true\n\n{written}"


def check_room(piece: str, device: str) -> None:
    """Does this terminal, by its own piece of the configuration, enter the loan's standing room? One that may not would
    not start. Raises ConfigError."""
    from kiosk.config import parse  # noqa: PLC0415 - as above
    from kiosk.rooms.invitations import reader  # noqa: PLC0415

    settings = parse(piece).appointments
    if not settings.room:
        return
    try:
        reader(parse(device).rooms.pexip, settings.display_name)(settings.room)
    except RoomRefused as error:
        raise ConfigError(f"appointments.room: {error}") from None


def _strange(said: Mapping[str, Any]) -> list[str]:
    """A loan may not choose devices, or hosts whose rooms are entered."""
    faults = []
    for table, value in said.items():
        if table not in _ALLOWED:
            faults.append(f"{table}: does not belong into a loan; allowed: {', '.join(_ALLOWED)}")
            continue
        keys = _ALLOWED[table]
        if keys is not None and isinstance(value, dict):
            faults += [f"{table}.{key}: does not belong into a loan" for key in value if key not in keys]
    return faults


def to_code(written: str) -> str:
    """The text of a QR code. Raises ConfigError: too long for one."""
    code = CODE_PREFIX + text(zlib.compress(written.encode(), 9))
    if len(code) > MOST_CODE_BYTES:
        raise ConfigError(f"this loan needs {len(code)} letters, and a code that can be read holds {MOST_CODE_BYTES}")
    return code


def from_code(code: str) -> str:
    """The other way. Raises ConfigError."""
    unpacking = zlib.decompressobj()
    try:
        written = unpacking.decompress(from_text(code.removeprefix(CODE_PREFIX)), MOST_BYTES).decode()
    except (ValueError, zlib.error):
        raise ConfigError("this code is no loan") from None
    if not code.startswith(CODE_PREFIX) or not unpacking.eof:
        raise ConfigError("this code is no loan, or not all of one")
    return written
