"""What a program costs the machine: processor time and memory of a process with all its children."""

import platform
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of some seconds of a call."""

    cpu_s_per_minute: float
    """Seconds of one core, user and system, in a minute of the call."""
    pss_mb: float
    """Memory at the end; what several processes share counts in parts (PSS)."""
    processes: int
    machine_busy: float
    """0..1: how busy all cores of the machine were meanwhile, whoever kept them busy."""


class Meter:
    """Begins to measure when it is made."""

    def __init__(self, root: psutil.Process, without: Path) -> None:
        """`without`: a file whose mapped pages do not count; a browser maps the film that stands for its camera."""
        self._root = root
        self._without = str(without)
        self._before_s = _cpu_s(root)
        self._began_s = time.monotonic()
        psutil.cpu_percent()

    def read(self) -> Cost:
        """The cost from the beginning until now."""
        took_s = time.monotonic() - self._began_s
        busy = psutil.cpu_percent() / 100
        after_s = _cpu_s(self._root)
        spent_s = sum(cpu_s - self._before_s.get(process, 0.0) for process, cpu_s in after_s.items())
        pss = sum(process.memory_full_info().pss - self._film_pss(process) for process in after_s)
        return Cost(spent_s * 60 / took_s, pss / MB, len(after_s), busy)

    def _film_pss(self, process: psutil.Process) -> int:
        return sum(part.pss for part in process.memory_maps() if part.path == self._without)


def _cpu_s(root: psutil.Process) -> dict[psutil.Process, float]:
    spent = {}
    for process in (root, *root.children(recursive=True)):
        times = process.cpu_times()
        spent[process] = times.user + times.system
    return spent


class Others:
    """What programs other than this one and its children take of the machine, from when it is made."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._busy_s = _busy_s()
        self._own_s = _own_s()

    def share(self) -> float:
        """0..1 of all cores, about: what our own processes did before they ended may be missed."""
        spent_s = (_busy_s() - self._busy_s) - (_own_s() - self._own_s)
        return max(0.0, spent_s / (time.monotonic() - self._began_s) / (psutil.cpu_count() or 1))


def _busy_s() -> float:
    times = psutil.cpu_times()
    # Time lent to guests is part of user time already.
    return times.user + times.nice + times.system + times.irq + times.softirq + times.steal


def _own_s() -> float:
    me = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in (me, *me.children(recursive=True)))


def machine() -> str:
    """Kind of processor and number of cores."""
    names = [line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith(("model name", "Model"))]
    return f"{names[0] if names else platform.machine()}, {psutil.cpu_count()} cores"


def _cpuinfo() -> list[str]:
    return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()


def end_descendants() -> None:
    """No process that this one has started, or they in turn, is left when it returns."""
    left = psutil.Process().children(recursive=True)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, left = psutil.wait_procs(left, timeout=5)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=5)
