"""A consultation over a line that loses packets, in short; the long form is `make bench`."""

import time

from tests.benchmarks.lab import lab
from tests.benchmarks.relay import Weather

SETTLE_S = 2.0
WINDOW_S = 8.0
LONGEST_GAP_S = 2.0


def test_picture_and_sound_go_on_when_one_packet_in_twenty_is_lost() -> None:
    with lab("vp8", 640, 480) as open_lab:
        with open_lab.call("terminal") as call:
            time.sleep(SETTLE_S)
            call.relay.weather(Weather(delay_s=0.02, loss=0.05))
            call.window(WINDOW_S)
            (measured,) = call.measured()
        assert open_lab.complaints == []
    for way in ("in", "out"):
        packets, _, dropped = measured.relay[way]
        seen, heard = measured.seen[way], measured.heard[way]
        told = f"{way}: {dropped} of {packets} lost; {seen}; {heard}"
        assert dropped > packets / 50, told
        assert seen.longest_s < LONGEST_GAP_S, told
        assert seen.fps > 8, told
    # What is said goes through the terminal's own noise suppression, which takes chirps for noise: there the far end's
    # count of made-up sound tells how much arrived.
    assert measured.heard["in"].lost < 0.5, measured.heard["in"]
    made_up = measured.concealed("out")
    assert made_up is not None
    assert made_up < 0.2, made_up
