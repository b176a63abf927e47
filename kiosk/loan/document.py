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
from typing import Any, Final

from kiosk.config import parse
from kiosk.errors import ConfigError
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


def check(written: str) -> str:
    """The piece of the configuration that makes this terminal the patient's. Raises ConfigError with every fault."""
    try:
        said = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the loan is no TOML: {error}") from None
    faults = [*_strange(said)]
    if "appointments" not in said:
        faults.append("appointments: missing; it says where this patient's appointments come from")
    try:
        parse(written)
    except ConfigError as error:
        faults += str(error).splitlines()
    if faults:
        raise ConfigError("\n".join(faults))
    return f"[terminal]\nassigned = true\n\n{written}"


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
