"""How often the QR code of a letter is read from one picture, by how it is held and lit: a table.

python -m tests.benchmarks.letter
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from kiosk.appointments.letter import read_codes
from tests.appointments.paper import Sight, letter, seen

LINK = "https://join.example.org/webapp/conference/998112?pin=1234"
PICTURES = 6
USUAL = Sight(turned_deg=7, blur_pixels=0.7, light=0.7, shade=0.3, noise=6)
"""Hands that tilt it a little, a soft focus, a lamp to one side."""


def rows() -> Iterator[tuple[str, Sight]]:
    """What is varied, one thing at a time from the usual."""
    for share in (0.6, 0.45, 0.35, 0.25, 0.18, 0.12):
        yield f"code fills {share:.0%} of the height", replace(USUAL, code_share=share)
    for degrees in (0, 30, 45, 90, 180):
        yield f"turned by {degrees} degrees", replace(USUAL, turned_deg=degrees)
    for tilt in (0.1, 0.2, 0.3, 0.4):
        yield f"tilted, the far edge {tilt:.0%} smaller", replace(USUAL, tilted=tilt)
    for blur in (1.5, 2.0, 2.5, 3.0):
        yield f"out of focus, {blur} pixels", replace(USUAL, blur_pixels=blur)
    for moved in (3, 5, 7, 9):
        yield f"unsteady, smeared over {moved} pixels", replace(USUAL, moved_pixels=moved)
    for light, noise in ((0.4, 10), (0.2, 12), (0.1, 12), (0.05, 12)):
        yield f"dim light, {light:.0%}, noise {noise}", replace(USUAL, light=light, noise=noise)
    yield "one side in the dark", replace(USUAL, shade=0.9)


def main() -> None:
    """Print the table."""
    page = letter(LINK)
    print(f"{PICTURES} pictures each, one look a picture; a 40 mm code of {len(LINK)} characters")
    print(f"| {'how it is held':<36} | 640x480 read | 1280x720 read | ms a look |")
    print(f"|{'-' * 38}|---:|---:|---:|")
    for name, sight in rows():
        rates, times = [], []
        for width, height in ((640, 480), (1280, 720)):
            scale = height / 480
            sized = replace(sight, width=width, height=height, blur_pixels=sight.blur_pixels * scale)
            read = 0
            for number in range(PICTURES):
                picture = seen(page, replace(sized, turned_deg=sized.turned_deg + number / 2), seed=number)
                begun_s = time.perf_counter()
                read += read_codes(picture) == [LINK]
                times.append(1e3 * (time.perf_counter() - begun_s))
            rates.append(read / PICTURES)
        print(f"| {name:<36} | {rates[0]:.0%} | {rates[1]:.0%} | {median(times):.1f} |", flush=True)


if __name__ == "__main__":
    main()
