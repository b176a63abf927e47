"""The echo that comes back, as a part of the comparison; see tests.benchmarks.echo for all settings and scenes."""

from typing import Final

from kiosk.media.voice import Settings
from tests.benchmarks import echo
from tests.benchmarks.results import NONE, Goal, Options, Results, say

SCENE_S: Final = 16.0
GOALS: Final = {
    "ERLE, dB": Goal("at least", echo.GOAL_ERLE_DB),
    "near voice, double talk against alone, dB": Goal("at least", echo.GOAL_NEAR_GAIN_DB),
}


def echo_loss(options: Options, results: Results) -> None:
    """A scene for each run: a synthetic room of 60 ms, RT60 0.35 s; the terminal's processing as shipped."""
    say(f"  {options.runs} scenes of {SCENE_S:g} s")
    column = results.column("echo, synthetic room", "terminal")
    for name, figures in echo.measured(Settings(), SCENE_S, options.runs).items():
        what, _, unit = name.rpartition(", ")
        for figure in figures:
            column.add(what or name, unit if what else "s", figure, GOALS.get(name, NONE))
