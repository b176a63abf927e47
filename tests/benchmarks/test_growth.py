"""Whether something grows over hours: told from its samples."""

from dataclasses import replace

from tests.benchmarks.growth import MEMORY_MB, ROWS, Sample, table, verdict

REST = Sample(0.0, 300.0, 150.0, 100.0, 50.0, threads=11, descriptors=21)


def grown(terminal_mb: float, delay_ms: float = 0.0, count: int = 120) -> list[Sample]:
    """So much more at the end, evenly."""
    return [
        replace(
            REST,
            at_s=number * 30.0,
            memory_mb=300.0 + terminal_mb * number / count,
            terminal_mb=150.0 + terminal_mb * number / count,
            video_in_ms=50.0 + delay_ms * number / count + 20 * (number % 2),
        )
        for number in range(count)
    ]


def words(samples: list[Sample]) -> dict[str, str]:
    return {line[:13].strip(): line.split()[-1] for line in verdict(samples, 6)}


def test_what_wavers_is_flat_and_what_grows_is_named() -> None:
    assert set(words(grown(0.0)).values()) == {"flat"}
    leaking = words(grown(3 * MEMORY_MB))
    assert {name for name, word in leaking.items() if word == "GROWS"} == {"memory", "- terminal"}
    assert words(grown(0.0, delay_ms=100.0))["picture in"] == "GROWS"


def test_a_busy_machine_is_no_growth() -> None:
    later = [replace(each, others=0.02 if each.at_s < 2400 else 0.9) for each in grown(0.0, delay_ms=400.0)]
    calm = [replace(each, video_in_ms=50.0) if each.at_s < 2400 else each for each in later]
    assert words(calm)["picture in"] == "flat"
    assert words([replace(each, others=0.9) for each in later])["picture in"] == "busy"


def test_what_was_never_measured_is_not_judged_nor_shown() -> None:
    assert "sound in" not in words(grown(0.0))
    assert "sound in" not in table(grown(0.0))


def test_a_thread_more_is_growth() -> None:
    samples = grown(0.0)
    assert words([*samples[:60], *(replace(each, threads=12) for each in samples[60:])])["threads"] == "GROWS"


def test_the_table_holds_the_first_the_last_and_few_between() -> None:
    lines = table(grown(10.0)).splitlines()
    assert len(lines) == 2 + ROWS
    assert lines[2].startswith("| 0 | 300 | 150 |")
    assert lines[-1].startswith("| 59.5 |")
    assert len(table(grown(10.0, count=3)).splitlines()) == 2 + 3
