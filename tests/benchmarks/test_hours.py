"""Minutes of each; `python -m tests.benchmarks.hours` does four."""

from dataclasses import replace

import pytest

from tests.benchmarks.hours import LOOKS, Course, Look, courses, growing, ran

HOURS = {"sound": 0.15, "picture": 0.08, "rate": 0.5}


@pytest.mark.parametrize("course", courses(), ids=lambda course: course.name)
def test_nothing_grows(course: Course) -> None:
    ran(course, HOURS[course.name])
    # What else this process does meanwhile is no part of the course: only a flood is one here.
    assert [name for name in growing(course) if name != "objects"] == [], course.looks
    assert course.looks[-1].objects - course.looks[0].objects < 500_000
    assert course.looks[-1].delay_ms < {"sound": 60, "picture": 80, "rate": 200}[course.name]


@pytest.mark.parametrize(("field", "each"), [("delay_ms", 3.0), ("objects", 8_000), ("amiss", 0.02)])
def test_what_grows_is_named(field: str, each: float) -> None:
    still = Look(0.0, 40.0, 0.01, 500_000)
    looks = [replace(still, **{field: getattr(still, field) + number * each}) for number in range(LOOKS)]
    assert growing(Course("", "", lambda _: iter(()), looks)) == [field]
    assert growing(Course("", "", lambda _: iter(()), [still] * LOOKS)) == []
