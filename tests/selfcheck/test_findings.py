"""What a practice test concludes: the weightiest flaw first, the own sound kept out of noise and voice."""

import logging

import numpy as np
import pytest

from kiosk.consultation.model import Flaw
from kiosk.engine.findings import Findings
from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE, VideoFrame
from tests.media.echo_room import speech_like
from tests.selfcheck import faults

DELAY_BLOCKS = 6
CHROMA = np.full((faults.HEIGHT // 2, faults.WIDTH // 2), 128, np.uint8)


def practice(*, echo: bool, voice: bool, light: float = 1.0, expects_echo: bool = True) -> Findings:
    """Eight seconds in a room: loudspeaker and microphone take turns, a picture every quarter of a second."""
    random = np.random.default_rng(3)
    findings = Findings(expects_echo=expects_echo)
    count = 8 * SAMPLE_RATE_HZ
    near = random.standard_normal(count) * 10 ** (-65 / 20)
    if voice:
        near[3 * SAMPLE_RATE_HZ :] += speech_like(5.0, 3, -26)
    room = faults.s16(near)
    scene = np.clip(faults.scene(3) * light, 0, 1) * 219 + 16
    played = [SILENCE] * DELAY_BLOCKS
    for number in range(count // BLOCK_SAMPLES):
        played.append(findings.next_block())
        part = room[number * BLOCK_SAMPLES : (number + 1) * BLOCK_SAMPLES]
        if echo:
            part = part + np.frombuffer(played[number], "<i2") // 8
        findings.heard(part.astype("<i2").tobytes(), 0)
        if number % 12 == 0:
            luma = np.clip(scene + random.normal(0, 2, scene.shape), 0, 255).astype(np.uint8)
            findings.saw(VideoFrame(luma, CHROMA, CHROMA, 0.0), number * 0.02)
    return findings


@pytest.mark.parametrize(
    ("echo", "voice", "light", "concluded"),
    [
        (True, True, 1.0, (True, None)),
        (False, True, 1.0, (True, Flaw.NO_ECHO)),
        (True, False, 1.0, (False, Flaw.NO_VOICE)),
        (True, True, 0.15, (True, Flaw.DARK)),
        (False, False, 0.15, (False, Flaw.NO_ECHO)),
    ],
)
def test_the_weightiest_flaw_is_told(
    echo: bool, voice: bool, light: float, concluded: tuple[bool, Flaw | None]
) -> None:
    assert practice(echo=echo, voice=voice, light=light).conclude(8.0) == concluded


def test_the_own_sound_is_told_to_nobody_where_it_cannot_be_heard(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert practice(echo=False, voice=True, expects_echo=False).conclude(8.0) == (True, None)
    assert " echo=no_echo " in caplog.messages[-1]


def test_the_log_line_is_pairs_of_names_and_values(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        practice(echo=True, voice=True).conclude(8.0)
    pairs = dict(word.split("=") for word in caplog.messages[-1].split()[1:])
    assert pairs["flaw"] == pairs["picture"] == pairs["sound"] == pairs["echo"] == "none"
    assert float(pairs["delay_ms"]) == pytest.approx(DELAY_BLOCKS * 20, abs=1)


def test_without_a_microphone_the_sound_is_played_all_the_same() -> None:
    findings = Findings(expects_echo=True)
    assert any(findings.next_block() != SILENCE for _ in range(100))
    assert findings.conclude(1.0) == (False, Flaw.NO_PICTURE)
