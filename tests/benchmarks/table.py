"""Figures as plain text."""

import statistics
from collections.abc import Sequence


def summary(name: str, values_ms: Sequence[float]) -> str:
    """One line: median, least, greatest, and how far the quartiles are apart."""
    low, _, high = statistics.quantiles(values_ms, n=4, method="inclusive")
    figures = (statistics.median(values_ms), min(values_ms), max(values_ms), high - low)
    return f"{name:<50}" + "".join(f"{figure:>9.0f}" for figure in figures)


SUMMARY_HEAD = f"{'ms':<50}" + "".join(f"{word:>9}" for word in ("median", "min", "max", "spread"))


def ratio(one: float, other: float) -> str:
    """How many times the other one is."""
    return f"{one / other:.2f}"
