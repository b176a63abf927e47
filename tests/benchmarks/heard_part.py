"""What is heard of a voice at 10 % loss, as a part of the comparison; see tests.benchmarks.heard."""

import numpy as np

from tests.benchmarks import heard
from tests.benchmarks.results import NONE, Goal, Options, Results, say

LOSS = 0.10
GUESTS = {"stock aiortc": "stock", "the terminal": "terminal"}


def heard_sound(_: Options, results: Results) -> None:
    """The same packets at the same simulated times, through aiortc's buffer and decoder and through the terminal's:
    the same at every run."""
    say(f"  {heard.SECONDS:g} s of a voice")
    voice, paths = heard.compared(LOSS)
    results.sounds[f"a voice, as said, {LOSS:.0%} lost on the way"] = heard.shown(voice)
    for path in paths:
        column = results.column("heard at 10 % loss, simulated", GUESTS[path.name])
        settled = path.delays_ms[heard.SETTLED_BLOCKS :]
        column.add("delay", "ms", float(np.nanmedian(settled)), Goal("at most", 250))
        column.add("largest delay", "ms", float(np.nanmax(settled)))
        column.add("syllables that were silent", "%", 100 * path.holes, NONE)
        results.sounds[f"as heard by {path.name}"] = heard.shown(path.sound, late=True)
