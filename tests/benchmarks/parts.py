"""The parts of the comparison, by name. A part takes the options and adds rows, notes and traces to the results."""

from collections.abc import Callable
from typing import Final

from tests.benchmarks import codec_part, cost_parts, echo_part, heard_part, media_parts
from tests.benchmarks.results import Options, Results

Part = Callable[[Options, Results], None]

PARTS: Final[dict[str, Part]] = {
    "join": cost_parts.join,
    "cost": cost_parts.cost,
    "latency": media_parts.latency,
    "loss": media_parts.loss,
    "cap": media_parts.cap,
    "jitter": media_parts.jitter,
    "lift": media_parts.lift,
    "codec": codec_part.codec,
    "echo": echo_part.echo_loss,
    "heard": heard_part.heard_sound,
}
