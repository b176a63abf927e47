"""The gesture that brings up the technician's table: both keys for loudness held, and the button pressed three times,
each time within five seconds of the one before. Three hands, or one hand and a purpose: no tremor does that.

Only a resting terminal knows it; never one that is in, or near, a consultation. Pure; part of update.py.
"""

from dataclasses import replace
from typing import Final

from kiosk.clock import Moment
from kiosk.consultation.model import Key
from kiosk.consultation.state import Facts, Fault, Idle, NoNetwork, Scheduled, Service, State, Unassigned

PRESSES: Final = 3
APART_AT_MOST_S: Final = 5.0


def is_begun(state: State) -> bool:
    """Both keys are held, and nobody is waiting for anything else: a press belongs to the gesture."""
    resting = isinstance(state.phase, NoNetwork | Unassigned | Idle | Scheduled | Fault)
    return resting and state.facts.loudness.held == frozenset(Key)


def pressed(state: State, before_s: float | None, now: Moment) -> State:
    """One press of the gesture; `before_s` is when the one before it was, monotonic."""
    soon = before_s is not None and 0 <= now.monotonic_s - before_s <= APART_AT_MOST_S
    presses = state.facts.service_presses + 1 if soon else 1
    known = state.knowing(replace(state.facts, service_presses=presses % PRESSES))
    return known.to(Service(now.monotonic_s)) if presses == PRESSES else known


def let_go(facts: Facts) -> Facts:
    """A key came up."""
    return replace(facts, service_presses=0)
