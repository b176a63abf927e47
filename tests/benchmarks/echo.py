"""How much of the loudspeaker's sound comes back: `python -m tests.benchmarks.echo`, printed as a table.

A synthetic room (60 ms, RT60 0.35 s) with two speech-like voices; `--seconds` and `--seeds` decide how much of it.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from kiosk.media.voice import Settings, open_voice
from tests.media import echo_room
from tests.media.echo_room import Sound, Take

ECHO_DBFS: Final = -24.0
NEAR_DBFS: Final = -24.0
SETTLED_S: Final = 6.0
"""The canceller learns a room with the first sentences; calls last for minutes."""
JUMP_AT_S: Final = 8.0
GOAL_ERLE_DB: Final = 45.0
GOAL_NEAR_GAIN_DB: Final = -7.0
PROCESSORS: Final = {
    "echo only": Settings(noise_suppression=False, max_gain_db=0),
    "echo and noise": Settings(max_gain_db=0),
    "all, as shipped": Settings(),
}


@dataclass(frozen=True)
class Scene:
    """Two people, and what the room makes of the one in the loudspeaker."""

    far: Sound
    near: Sound
    echo: Sound

    @staticmethod
    def of(seconds: float, seed: int) -> "Scene":
        far = echo_room.speech_like(seconds, 2 * seed + 1)
        near = echo_room.speech_like(seconds, 2 * seed + 2, NEAR_DBFS)
        return Scene(far, near, _echo_of(far, seed))

    @property
    def silence(self) -> Sound:
        return np.zeros(len(self.far))


def _echo_of(far: Sound, seed: int, delay_s: float = echo_room.DELAY_S) -> Sound:
    return echo_room.at_level(echo_room.through(far, echo_room.room(delay_s, seed=seed)), ECHO_DBFS)


def rows(settings: Settings, seconds: float, seed: int) -> Iterator[tuple[str, float]]:
    """Name and figure of each measurement of one processor in one scene."""
    scene = Scene.of(seconds, seed)

    def hear(echo: Sound, near: Sound | None = None, far: Sound | None = None) -> Take:
        return echo_room.record(open_voice(settings), scene.far if far is None else far, echo, near, seed)

    begun_s = time.thread_time()
    base = hear(scene.echo)
    cost_us = (time.thread_time() - begun_s) * 1e6 / (seconds * 100)
    yield "ERLE, dB", echo_room.erle_db(base, SETTLED_S)
    twisted = echo_room.at_level(echo_room.through(np.tanh(4 * scene.far), echo_room.room(seed=seed)), ECHO_DBFS)
    yield "ERLE, loudspeaker distorts (tanh), dB", echo_room.erle_db(hear(twisted), SETTLED_S)
    for ppm in (50, 200):
        yield (
            f"ERLE, clocks {ppm} ppm apart, dB",
            echo_room.erle_db(hear(echo_room.drifted(scene.echo, ppm)), SETTLED_S),
        )
    jumped = hear(echo_room.delayed_from(scene.echo, JUMP_AT_S, 0.04))
    yield "ERLE, from 1 s after a jump of 40 ms on, dB", echo_room.erle_db(jumped, JUMP_AT_S + 1.0)
    yield "ERLE, echo 200 ms late, dB", echo_room.erle_db(hear(_echo_of(scene.far, seed, 0.2)), SETTLED_S)
    yield "seconds to 20 dB", echo_room.seconds_to_erle(base, 20.0) or float("nan")
    alone = echo_room.near_gain_db(hear(scene.silence, scene.near, scene.silence), SETTLED_S)
    yield "near voice alone, gain dB", alone
    both = echo_room.near_gain_db(hear(scene.echo, scene.near), SETTLED_S)
    yield "near voice in double talk, gain dB", both
    yield "near voice, double talk against alone, dB", both - alone
    yield "CPU per 10 ms, us", cost_us


def measured(settings: Settings, seconds: float, seeds: int) -> dict[str, list[float]]:
    """Each measurement's figures, a scene each."""
    figures: dict[str, list[float]] = {}
    for seed in range(seeds):
        for name, figure in rows(settings, seconds, seed):
            figures.setdefault(name, []).append(figure)
    return figures


def table(seconds: float, seeds: int, say: Callable[[str], None]) -> None:
    """Print medians over the scenes, and their spread."""
    columns = {name: measured(settings, seconds, seeds) for name, settings in PROCESSORS.items()}
    say(f"{seeds} scenes of {seconds:g} s, median (least to most); room noise {echo_room.NOISE_DBFS:g} dBFS, echo and")
    say(f"near voice {ECHO_DBFS:g} dBFS. Goals: ERLE {GOAL_ERLE_DB:g} dB, double talk {GOAL_NEAR_GAIN_DB:g} dB.")
    say("")
    say("| | " + " | ".join(columns) + " |")
    say("|---|" + "---|" * len(columns))
    for row in next(iter(columns.values())):
        cells = [_cell(column[row]) for column in columns.values()]
        say(f"| {row} | " + " | ".join(cells) + " |")


def _cell(figures: list[float]) -> str:
    return f"{statistics.median(figures):.1f} ({min(figures):.1f} to {max(figures):.1f})"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=16.0, help="length of a scene, at least 12")
    parser.add_argument("--seeds", type=int, default=3, help="number of scenes")
    asked = parser.parse_args()
    table(max(12.0, asked.seconds), max(1, asked.seeds), print)


if __name__ == "__main__":
    main()
