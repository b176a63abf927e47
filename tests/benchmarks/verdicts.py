"""How often the self-check is right about generated faults: `python -m tests.benchmarks.verdicts [times]`."""

import sys
from collections import Counter

from kiosk.consultation.model import Flaw
from tests.selfcheck import door, faults


def table(times: int) -> str:
    """A line for each situation: right and wrong verdicts, and which these were."""
    rows: dict[tuple[str, Flaw | None], Counter[Flaw | None]] = {}
    for trial in (*faults.trials(times), *door.trials(times)):
        rows.setdefault((trial.name, trial.expected), Counter())[trial.found()] += 1
    lines = [f"{'situation':<28}{'expected':<20}{'right':>6}{'wrong':>6}  told instead"]
    for (name, expected), found in rows.items():
        others = ", ".join(f"{_word(flaw)} {count}" for flaw, count in found.items() if flaw is not expected)
        right = found[expected]
        lines.append(f"{name:<28}{_word(expected):<20}{right:>6}{found.total() - right:>6}  {others}".rstrip())
    right = sum(found[expected] for (_, expected), found in rows.items())
    total = sum(found.total() for found in rows.values())
    return "\n".join([*lines, f"{'all':<48}{right:>6}{total - right:>6}"])


def _word(flaw: Flaw | None) -> str:
    return flaw.value if flaw else "good"


if __name__ == "__main__":
    print(table(int(sys.argv[1]) if sys.argv[1:] else 20))
