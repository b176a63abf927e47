"""Which ways are offered, and how long each is waited for: tables."""

import pytest

from kiosk.media.ladder import GRACE_S, LONG_S, SHORT_S, Path, Relay, Servers, patience_s, second_offer

UDP, TCP, TLS = (Relay(path, "turn.example", 1, "", "") for path in (Path.TURN_UDP, Path.TURN_TCP, Path.TURN_TLS))


@pytest.mark.parametrize(
    ("have", "worked", "expected"),
    [
        ((), None, LONG_S),
        ((), Path.TURN_TLS, LONG_S),
        ((Path.DIRECT,), None, SHORT_S),
        ((Path.DIRECT,), Path.DIRECT, GRACE_S),
        ((Path.DIRECT,), Path.TURN_TCP, SHORT_S),
        ((Path.DIRECT, Path.TURN_TCP), Path.TURN_TCP, GRACE_S),
        ((Path.DIRECT, Path.TURN_TCP), Path.TURN_TLS, SHORT_S),
        ((Path.DIRECT, Path.TURN_UDP), None, GRACE_S),
        ((Path.TURN_TLS,), None, SHORT_S),
    ],
)
def test_what_is_there_decides_how_long_to_wait(have: tuple[Path, ...], worked: Path | None, expected: float) -> None:
    assert patience_s(have, worked) == expected


@pytest.mark.parametrize(
    ("named", "offered", "expected"),
    [
        ((), {Path.DIRECT}, ()),
        ((UDP,), {Path.DIRECT}, (UDP,)),
        ((UDP,), {Path.DIRECT, Path.TURN_UDP}, ()),
        ((UDP, TCP, TLS), {Path.DIRECT, Path.TURN_UDP}, (TCP, TLS)),
        ((TCP, TLS), {Path.TURN_TCP, Path.TURN_TLS}, (TCP, TLS)),
    ],
)
def test_the_second_offer_holds_what_may_still_help(
    named: tuple[Relay, ...], offered: set[Path], expected: tuple[Relay, ...]
) -> None:
    assert second_offer(Servers(("stun.example", 1), named), offered) == Servers(None, expected)
