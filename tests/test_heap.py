"""What is free goes back to the machine."""

import os
import subprocess
import sys

PROGRAM = """
import psutil
from kiosk import heap

heap.settle()
kept = [bytes(5000) for _ in range(8000)]
del kept[:-1]
before = psutil.Process().memory_info().rss
heap.trim()
print(before - psutil.Process().memory_info().rss)
"""


def test_trimming_gives_back_what_a_late_block_holds_up() -> None:
    """In a process of its own: the heap of this one has a history."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=os.environ)
    assert int(done.stdout) > 20_000_000
