"""What is not needed goes back to the machine."""

import os
import subprocess
import sys

HEAP = """
import psutil
from kiosk import heap

heap.settle()
kept = [bytes(5000) for _ in range(8000)]
del kept[:-1]
before = psutil.Process().memory_info().rss
heap.trim()
print(before - psutil.Process().memory_info().rss)
"""
CODE = """
import json
import av
import psutil
from kiosk import heap

def code():
    return sum(int(each.rss) for each in psutil.Process().memory_maps(grouped=False) if each.perms == "r-xp")

before = code()
heap.trim()
after = code()
# It is all still there.
assert av.CodecContext.create("libvpx", "w").name == "libvpx"
assert json.loads("[1]") == [1]
print(after * 100 // before)
"""


def printed(program: str) -> int:
    """In a process of its own: this one has a history."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ)
    return int(done.stdout)


def test_trimming_gives_back_what_a_late_block_holds_up() -> None:
    assert printed(HEAP) > 20_000_000


def test_trimming_lets_go_of_code_that_has_run() -> None:
    assert printed(CODE) < 60, "parts of a hundred that are still held"
