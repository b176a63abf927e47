"""Parts that look at pictures and sound of a call: how late, how steady, in which weather."""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from tests.benchmarks.lab import Call, Measured, lab
from tests.benchmarks.relay import Weather
from tests.benchmarks.results import NONE, Column, Goal, Options, Results, say

SETTLE_S: Final = 6.0
"""How long a call goes on before anything is looked at: bit rates find their pace."""
CLEAN_S: Final = 6.0
"""Of the window before the weather turns, for what it adds."""
CAP: Final = Weather(rate_bps=500_000, queue_s=0.3)
LOSSES: Final = {
    "2 % loss": Weather(loss=0.02),
    "5 % loss": Weather(loss=0.05),
    "10 % loss": Weather(loss=0.10),
    "bursts": Weather(burst=0.01, burst_packets=3.3),
}
FAR: Final = 0.02
"""Seconds one way, in all weathers but the clean one: a line without any delay is none."""
JITTER: Final = Weather(jitter_s=0.3)
LOW_BPS, HIGH_BPS = 400_000, 1_000_000
LOW_S: Final = 15.0
LIFT_LIMIT_S: Final = 45.0
RATE_EVERY_S: Final = 0.25
WAYS: Final = {"in": "into the guest", "out": "from the guest"}

NO_WORSE: Final = Goal("no worse")


def latency(options: Options, results: Results) -> None:
    """Delay of picture and sound on a clean line; the terminal's sound also as its microphone gives it, for what a
    browser does to its own sound is in none of its figures."""
    goals = {"in": Goal("ratio", 0.6), "out": Goal("ratio", 1.0)}
    sound_goal = Goal("ratio", 0.9)
    guests = [*options.guests, "untouched"] if "terminal" in options.guests else options.guests
    for column, call in _calls(replace(options, guests=guests), results, "latency"):
        call.window(options.seconds)
        (measured,) = _kept(results, call, column)
        heard_ms = measured.heard["out"].delays_ms
        plain = replace(column, guest="terminal" if column.guest == "untouched" else column.guest)
        if column.guest != "terminal" and heard_ms:
            plain.add("sound from the guest, not worked on", "ms", statistics.median(heard_ms), sound_goal)
        if column.guest == "untouched":
            continue
        for way, words in WAYS.items():
            _add_sight(column, words, measured, way, goals[way])
            _add_hearing(column, words, measured, way, delay=sound_goal)


def loss(options: Options, results: Results) -> None:
    """Lost packets: by chance and in bursts, both ways, 20 ms away."""
    _weathers(options, results, "loss", LOSSES)


def jitter(options: Options, results: Results) -> None:
    """Packets that are up to 300 ms late, in order."""
    for column, call in _calls(options, results, "jitter"):
        call.window(CLEAN_S)
        call.relay.weather(JITTER)
        call.window(options.seconds)
        clean, stormy = _kept(results, call, column)
        for way, words in WAYS.items():
            _add_sight(column, words, stormy, way)
            _add_hearing(column, words, stormy, way)
            for what, before, after in (
                ("video", clean.seen[way].delays_ms, stormy.seen[way].delays_ms),
                ("sound", clean.heard[way].delays_ms, stormy.heard[way].delays_ms),
            ):
                added = statistics.median(after) - statistics.median(before) if before and after else None
                column.add(f"delay added to {what} {words}", "ms", added, NO_WORSE)


def cap(options: Options, results: Results) -> None:
    """500 kbit/s each way with a queue of 300 ms: from before the join, three times as long as other windows; and
    falling on a call that had all it wanted."""
    for column, call in _calls(options, results, "cap", CAP):
        call.window(3 * options.seconds)
        _add_capped(results, column, call, Goal("at most", 0), Goal("at most", 1.0))
    for column, call in _calls(options, results, "cap in mid-call"):
        call.relay.weather(CAP)
        call.window(options.seconds)
        _add_capped(results, column, call, NONE, NONE)


def _add_capped(results: Results, column: Column, call: Call, freezes: Goal, made_up: Goal) -> None:
    (measured,) = _kept(results, call, column)
    for way, words in WAYS.items():
        _add_sight(column, words, measured, way)
        column.add(f"freezes {words}", "count", float(measured.seen[way].freezes), freezes)
        _add_hearing(column, words, measured, way, made_up=made_up)
        packets, _, dropped = measured.relay[way]
        column.add(f"packets that the queue dropped {words}", "%", 100 * dropped / max(1, packets))


def lift(options: Options, results: Results) -> None:
    """From 400 to 1,000 kbit/s: seconds until 90 % of that is used."""
    for column, call in _calls(options, results, "lift"):
        call.relay.weather(Weather(rate_bps=LOW_BPS, queue_s=0.3))
        time.sleep(LOW_S)
        call.relay.weather(Weather(rate_bps=HIGH_BPS, queue_s=0.3))
        lines = {"in": call.relay.to_guest, "out": call.relay.to_doctor}
        samples: dict[str, list[tuple[float, int]]] = {way: [] for way in lines}
        began_s = time.monotonic()
        while time.monotonic() < began_s + LIFT_LIMIT_S:
            for way, line in lines.items():
                sent = line.counts
                samples[way].append((time.monotonic() - began_s, sent.payload_bytes + 28 * sent.packets))
            if all(_reached_s(samples[way]) is not None for way in lines):
                break
            time.sleep(RATE_EVERY_S)
        for way, words in WAYS.items():
            took_s = _reached_s(samples[way])
            column.add(f"to 90 % of 1 Mbit/s {words}", "s", took_s or LIFT_LIMIT_S, NO_WORSE)
        results.traces.append({"part": column.part, "guest": column.guest, "bytes": samples})


def _reached_s(samples: Sequence[tuple[float, int]]) -> float | None:
    """When the mean rate of a second first reached 90 % of the new one; None: not yet."""
    steps = round(1 / RATE_EVERY_S)
    for (before_s, before), (at_s, now) in zip(samples, samples[steps:], strict=False):
        if (now - before) * 8 / (at_s - before_s) >= 0.9 * HIGH_BPS:
            return at_s
    return None


def _weathers(options: Options, results: Results, part: str, weathers: dict[str, Weather]) -> None:
    for name, weather in weathers.items():
        far = Weather(FAR, weather.loss, weather.burst, weather.burst_packets)
        for column, call in _calls(options, results, f"{part}: {name}"):
            call.relay.weather(far)
            call.window(options.seconds)
            (measured,) = _kept(results, call, column)
            for way, words in WAYS.items():
                _add_sight(column, words, measured, way)
                goal = Goal("ratio", 1.0) if (name, way) == ("5 % loss", "in") else NONE
                _add_hearing(column, words, measured, way, delay=goal)
                delays = measured.heard[way].delays_ms
                slow = statistics.quantiles(delays, n=20)[-1] if len(delays) > 1 else None
                limit = Goal("at most", 250) if name == "10 % loss" else NONE
                if name == "10 % loss":
                    results.sounds[f"10 % loss, {column.guest}, {words}"] = measured.played[way]
                column.add(f"sound {words}: 95 of 100", "ms", slow, limit)


def _calls(
    options: Options, results: Results, part: str, weather: Weather | None = None
) -> Iterator[tuple[Column, Call]]:
    """Each call of a part, settled, and where its values go. `weather`: from before the join; else it is clean."""
    for codec in options.codecs:
        for width, height in options.sizes:
            title = f"{part}, {codec} {width}x{height}"
            with lab(codec, width, height) as open_lab:
                for run in range(options.runs):
                    for kind in options.guests:
                        say(f"  {title}, run {run + 1} of {options.runs}: {kind}")
                        with open_lab.call(kind, run + 1, weather) as call:
                            time.sleep(SETTLE_S)
                            yield results.column(title, kind), call


def _kept(results: Results, call: Call, column: Column) -> list[Measured]:
    """What was measured; it is kept among the raw results too."""
    all_measured = call.measured()
    for measured in all_measured:
        raw: dict[str, Any] = {"part": column.part, "guest": column.guest, "relay": measured.relay}
        raw["told"], raw["others"] = measured.guest[-1], measured.others
        for way in WAYS:
            raw[f"video {way} ms"] = [round(each, 1) for each in measured.seen[way].delays_ms]
            raw[f"sound {way} ms"] = [round(float(each), 1) for each in measured.heard[way].delays_ms]
        results.traces.append(raw)
        results.others.append(measured.others)
        _tell(measured)
        say(_own_words(measured.guest[-1]))
    return all_measured


def _tell(measured: Measured) -> None:
    say(f"    other programs: {measured.others:.0%} of the machine")
    for way in WAYS:
        seen, heard = measured.seen[way], measured.heard[way]
        video, sound = (f"{statistics.median(each):.0f}" if each else "-" for each in (seen.delays_ms, heard.delays_ms))
        say(
            f"    {way:<3} video {video} ms, {seen.fps:.0f}/s {seen.size[0]}x{seen.size[1]}, {seen.freezes} freezes"
            f" {seen.frozen_s:.1f} s; sound {sound} ms, {heard.lost:.0%} lost"
        )


def _own_words(figures: dict[str, Any]) -> str:
    """What the terminal says of its own sending and receiving."""
    out, sound = figures.get("picture_out", {}), figures.get("sound_in", {})
    if not out or not sound:
        return ""
    return (
        f"    it says: target {out['target_bps'] / 1000:.0f} kbit/s, sends {out['sent_bps'] / 1000:.0f}, loss"
        f" {out['loss']:.0%}, encodes {out['encode_ms']:.1f} ms, paces {out['paced_ms']:.0f} ms,"
        f" {out['key_frames']} key frames, {out['dropped']} dropped; sound waits {sound['jitter_buffer_ms']:.0f} ms"
    )


def _add_sight(column: Column, words: str, measured: Measured, way: str, delay: Goal = NONE) -> None:
    seen = measured.seen[way]
    middle = statistics.median(seen.delays_ms) if seen.delays_ms else None
    slow = statistics.quantiles(seen.delays_ms, n=20)[-1] if len(seen.delays_ms) > 1 else None
    column.add(f"video {words}", "ms", middle, delay)
    column.add(f"video {words}: 95 of 100", "ms", slow)
    column.add(f"  of it in the jitter buffer {words}", "ms", measured.buffered_ms(way, "video"))
    column.add(f"frozen {words}", "s", seen.frozen_s, NO_WORSE)
    column.add(f"longest gap {words}", "s", seen.longest_s)
    column.add(f"pictures {words}", "/s", seen.fps)
    column.add(f"height {words}", "px", float(seen.size[1]))


def _add_hearing(
    column: Column, words: str, measured: Measured, way: str, *, delay: Goal = NONE, made_up: Goal = NONE
) -> None:
    heard = measured.heard[way]
    middle = statistics.median(heard.delays_ms) if heard.delays_ms else None
    column.add(f"sound {words}", "ms", middle, delay)
    column.add(f"  of it in the sound's jitter buffer {words}", "ms", measured.buffered_ms(way, "audio"))
    column.add(f"chirps not heard {words}", "%", 100 * heard.lost)
    concealed = measured.concealed(way)
    column.add(f"sound made up {words}", "%", None if concealed is None else 100 * concealed, made_up)
