"""Freezes and pictures a second."""

from kiosk.media.picture_in.figures import Freezes


def test_a_picture_that_stands_long_is_a_freeze_and_a_pause_is_not() -> None:
    freezes = Freezes()
    for at_s in (0.0, 0.1, 0.3, 0.55, 0.6, 1.6, 60.0, 60.1):
        freezes.note(at_s)
    assert freezes.count == 2
    assert round(freezes.seconds, 3) == 1.25


def test_pictures_a_second_are_those_of_late() -> None:
    freezes = Freezes()
    assert freezes.fps(0.0) == 0
    for at in range(300):
        freezes.note(at / 30)
    assert round(freezes.fps(10.0)) == 30
    assert freezes.fps(20.0) == 0
