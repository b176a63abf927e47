"""The table: medians, ratios, and whether a goal is reached."""

import json

import pytest

from tests.benchmarks.results import Goal, Results
from tests.benchmarks.table import markdown, report


def results(goal: Goal, **values: list[float]) -> Results:
    made = Results("today", "a machine", "a command", 0.0)
    for guest, each in values.items():
        for value in each:
            made.column("part", guest).add("figure", "ms", value, goal)
    return made


@pytest.mark.parametrize(
    ("goal", "terminal", "chromium", "reached"),
    [
        (Goal("ratio", 0.6), [5.0, 6.0, 100.0], [10.0], True),
        (Goal("ratio", 0.5), [6.0], [10.0], False),
        (Goal("ratio", 0.5, "drawn"), [6.0], [100.0], None),
        (Goal("no worse"), [0.0], [0.0], True),
        (Goal("no worse"), [0.5], [0.4], False),
        (Goal("at most", 250), [251.0], [], False),
        (Goal("at least", 45), [46.0], [], True),
        (Goal("none"), [1.0], [2.0], None),
    ],
)
def test_a_goal_is_held_against_medians(
    goal: Goal, terminal: list[float], chromium: list[float], reached: bool | None
) -> None:
    made = results(goal, terminal=terminal, chromium=chromium)
    assert goal.reached(made.rows[0].medians()) is reached
    line = next(line for line in report(made).splitlines() if line.startswith("figure"))
    assert line.endswith({True: "reached", False: "MISSED", None: goal.told()}[reached].strip() or line[-1])


def test_what_could_not_be_measured_is_a_dash() -> None:
    made = results(Goal("none"), terminal=[1.0])
    made.column("part", "chromium").add("figure", "ms", None)
    line = next(line for line in report(made).splitlines() if line.startswith("figure"))
    assert line.split()[-1] == "-"


def test_results_go_on_where_earlier_ones_ended() -> None:
    goal = Goal("ratio", 0.6)
    later = Results("today", "a machine", "another command", 0.0)
    later.take_over(json.loads(json.dumps(results(goal, terminal=[1.0], chromium=[2.0]).raw())))
    later.column("part", "terminal").add("figure", "ms", 3.0, goal)
    assert later.rows[0].values == {"terminal": [1.0, 3.0], "chromium": [2.0]}
    assert "a command\nanother command" in report(later)


def test_a_document_gets_the_rows_that_have_a_goal() -> None:
    made = results(Goal("ratio", 0.6), terminal=[5.0], chromium=[10.0])
    made.column("part", "terminal").add("something else", "ms", 7.0)
    assert markdown(made).splitlines()[2:] == [
        "|  | terminal | Chromium | ratio | goal |  |",
        "| --- | --- | --- | --- | --- | --- |",
        "| part: figure, ms | 5.00 | 10.0 | 0.50 | x <= 0.6 | reached |",
    ]
