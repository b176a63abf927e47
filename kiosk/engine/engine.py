"""The shell around the core: one loop that feeds events to `update` and keeps exactly the declared activities running.

It decides nothing. Its four rules:
1. an activity is known by its fields; while the state declares an equal one, the same task goes on;
2. an activity that has finished is not started again while it is still declared;
3. what an activity says after the state has stopped declaring it is dropped, and one that crashes ends the engine;
4. what an activity took from a worker thread is given back even if it was cancelled meanwhile (kiosk/blocking.py).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from kiosk.clock import Clock
from kiosk.consultation.activities import Activity, activities, deadline
from kiosk.consultation.events import Event, Tick
from kiosk.consultation.state import State
from kiosk.consultation.update import update
from kiosk.consultation.view import View, view

Post = Callable[[Event], None]
Perform = Callable[[Activity, Post], Coroutine[Any, Any, None]]

STOPPING_TAKES_AT_MOST_S: Final = 8.0
"""Leaving a room may take five seconds; whoever needs more at shutdown is left behind, and named in the log."""

log = logging.getLogger(__name__)


class ActivityCrashed(Exception):
    """An activity ended with something other than a fault of the world: a bug."""


class Engine:
    """Owns the state. Make and run it on one asyncio loop; `post` from any thread."""

    def __init__(
        self,
        state: State,
        perform: Perform,
        show: Callable[[State, View], None],
        clock: Clock,
        note: Callable[[State], None] = lambda _state: None,
    ) -> None:
        """`show` is called when there is something new to see, `note` after every event."""
        self._state = state
        self._note = note
        self._perform = perform
        self._show = show
        self._clock = clock
        self._inbox: deque[tuple[Event, asyncio.Task[None] | None]] = deque()
        self._tasks: dict[Activity, asyncio.Task[None]] = {}
        self._stopping: set[asyncio.Task[None]] = set()
        self._crash: ActivityCrashed | None = None
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._shown: View | None = None

    @property
    def state(self) -> State:
        """What the terminal knows and does. Loop thread."""
        return self._state

    def post(self, event: Event) -> None:
        """Something happened. Any thread; after the engine's end it is ignored."""
        self._put(event, None)

    async def run(self) -> None:
        """Until cancelled, or until an activity crashes: then raises ActivityCrashed. Leaves no activity running."""
        try:
            self._follow()
            while True:
                await self._wait()
                self._wake.clear()
                while self._inbox:
                    event, speaker = self._inbox.popleft()
                    self._take(event, speaker)
                if self._crash is not None:
                    raise self._crash
        finally:
            await self._stop()

    def _put(self, event: Event, speaker: asyncio.Task[None] | None) -> None:
        self._inbox.append((event, speaker))
        try:
            self._loop.call_soon_threadsafe(self._wake.set)
        except RuntimeError:  # the loop is closed: nobody listens any more
            log.debug("%s came after the end", type(event).__name__)

    async def _wait(self) -> None:
        now = self._clock()
        remaining_s = max(0.0, deadline(self._state, now) - now.monotonic_s)
        try:
            async with asyncio.timeout(remaining_s):
                await self._wake.wait()
        except TimeoutError:
            self._inbox.append((Tick(), None))

    def _take(self, event: Event, speaker: asyncio.Task[None] | None) -> None:
        if speaker is not None and speaker not in self._tasks.values():
            return
        before = self._state
        self._state = update(before, event, self._clock())
        old, new = type(before.phase).__name__, type(self._state.phase).__name__
        if old != new:
            log.info("%s -> %s on %s", old, new, type(event).__name__)
        self._note(self._state)
        self._follow()

    def _follow(self) -> None:
        """Show and run what the state says."""
        shown = view(self._state)
        if shown != self._shown:
            self._shown = shown
            self._show(self._state, shown)
        declared = activities(self._state)
        for activity in [activity for activity in self._tasks if activity not in declared]:
            task = self._tasks.pop(activity)
            if not task.done():
                self._stopping.add(task)
                task.cancel()
        for activity in declared:
            if activity not in self._tasks:
                self._tasks[activity] = self._start(activity)

    def _start(self, activity: Activity) -> asyncio.Task[None]:
        def post(event: Event) -> None:
            self._put(event, task)

        task = self._loop.create_task(self._perform(activity, post), name=repr(activity))
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._stopping.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._crash = ActivityCrashed(task.get_name())
            self._crash.__cause__ = error
            self._wake.set()

    async def _stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        ending = {task for task in (*self._tasks.values(), *self._stopping) if not task.done()}
        self._tasks.clear()
        if ending:
            _, left = await asyncio.wait(ending, timeout=STOPPING_TAKES_AT_MOST_S)
            for task in left:
                log.error("%s did not stop within %.0f s", task.get_name(), STOPPING_TAKES_AT_MOST_S)
