"""Why a wireless network was not joined, from what NetworkManager's nmcli says (nmcli(1), exit status). Pure."""

import re
from typing import Final

from kiosk.consultation.model import WifiFault

_NOT_THERE: Final = 10
_FAILED: Final = 4
_REASON: Final = re.compile(r"\((\d{1,3})\)")
"""NMDeviceStateReason, which nmcli before 1.40 or so prints too."""
_PASSWORD_REASONS: Final = frozenset({7, 8, 9, 10, 11})
"""No secrets, and the supplicant's ways to fail: a wrong key ends in any of them."""
_NOT_FOUND_REASONS: Final = frozenset({53})


def fault_of(status: int, said: str) -> WifiFault:
    """`said`: its standard error and output in the C locale; it may name the network, so nothing of it goes further."""
    if status == _NOT_THERE:
        return WifiFault.NOT_FOUND
    if status != _FAILED:
        return WifiFault.OTHER
    # What stands before it may be the network's name.
    told = said.rpartition("activation failed:")[2].lower()
    reason = _REASON.search(told)
    number = int(reason[1]) if reason else None
    if number in _NOT_FOUND_REASONS or "could not be found" in told:
        return WifiFault.NOT_FOUND
    if number in _PASSWORD_REASONS or "secrets were required" in told or "supplicant" in told:
        return WifiFault.PASSWORD
    return WifiFault.OTHER
