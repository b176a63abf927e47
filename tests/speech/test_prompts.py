"""Spoken sentences: nothing private in them, slow enough, equally loud, people's recordings before the machine's."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kiosk.consultation.events import ButtonPressed, SelfCheckDone
from kiosk.consultation.model import Flaw
from kiosk.consultation.signals import Press, Speech
from kiosk.consultation.view import view
from kiosk.frames import BLOCK_BYTES, BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.speech.build import VOICE_DBFS, VOICES, build, evened, spoken, write
from kiosk.speech.prompts import BETWEEN_S, Prompts, read
from kiosk.speech.sentences import KEYS, SENTENCES, sentences
from kiosk.ui.compose import page_of
from kiosk.ui.texts import Texts, languages
from tests.consultation.examples import after, every_state, resting
from tests.ui.test_texts import messages

needs_voice = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@pytest.mark.parametrize("language", languages())
def test_nothing_private_can_be_spoken(language: str) -> None:
    known = messages(language)
    assert {key: known[key] for key in KEYS if known[key]} == {}


def test_every_state_that_speaks_has_its_words() -> None:
    assert set(SENTENCES) == set(Speech)
    assert sentences(Speech.REMIND, Press.JOIN) == ("speech-remind", "press-join")
    assert sentences(Speech.CHECK, Press.FINISH_PRACTICE) == ("check",)
    assert sentences(Speech.JOINING, Press.NOTHING) == ("joining", "joining-detail")


def test_every_screen_that_asks_for_something_is_spoken() -> None:
    silent = {
        type(view(state).screen).__name__
        for state in every_state()
        if view(state).speech is None and view(state).press is not Press.NOTHING
    }
    # At rest nobody is spoken to, and nothing is said into a conversation.
    assert silent == {"IdleScreen", "ScheduledScreen", "InCallScreen"}


def test_what_a_test_found_is_said_as_it_is_shown() -> None:
    for flaw in Flaw:
        shown = view(after(resting(), ButtonPressed(), SelfCheckDone(1, heard=flaw is not Flaw.NO_VOICE, flaw=flaw)))
        page = page_of(shown, Texts("nb"), datetime.now(UTC))
        assert shown.speech is not None
        said = [Texts("nb")(key) for key in SENTENCES[shown.speech]]
        assert said == [page.headline, page.detail]


@needs_voice
@pytest.mark.parametrize("language", VOICES)
def test_speech_is_slow_and_even(language: str) -> None:
    texts = Texts(language)
    words, seconds = 0, 0.0
    for key in KEYS[::2]:
        said = " ".join(texts(key).split())
        sound = evened(spoken(said, VOICES[language]))
        words += len(said.split())
        seconds += len(sound) / SAMPLE_RATE_HZ
        blocks = sound[: len(sound) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES) / 32768
        powers = np.mean(blocks**2, axis=1)
        level_dbfs = 10 * np.log10(np.mean(powers[powers > 1e-5]))
        # One with a sharp peak stays a little softer.
        assert -2.5 < level_dbfs - VOICE_DBFS < 1.5, f"{language}: {key}"
        assert np.max(np.abs(sound.astype(int))) < 30_000, f"{language}: {key}"
    assert 120 <= words / seconds * 60 <= 150


@needs_voice
def test_only_changed_words_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.speech.build.KEYS", ("joining", "waiting"))
    assert build(tmp_path, ("nb",)) == 2
    assert build(tmp_path, ("nb",)) == 0
    monkeypatch.setattr("kiosk.speech.build.Texts.__call__", lambda texts, key: "Noe annet.")
    assert build(tmp_path, ("nb",)) == 2
    assert {path.suffix for path in (tmp_path / "nb").iterdir()} == {".opus", ".sha256"}


def tone(hz: float, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return (8000 * np.sin(2 * np.pi * hz * np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ)).astype("<i2")


def test_people_s_recordings_go_first_and_gaps_are_left_out(tmp_path: Path) -> None:
    made, recorded = tmp_path / "made", tmp_path / "recorded"
    for folder, hz in ((made, 600), (recorded, 1200)):
        (folder / "se").mkdir(parents=True)
        write(folder / "se" / "waiting.opus", tone(hz, 0.5))
    write(made / "se" / "press-pause.opus", tone(600, 0.5))
    (made / "se" / "joining.opus").write_bytes(b"not a sound")
    prompts = Prompts("se", recorded, made)
    assert prompts.path("waiting") == recorded / "se" / "waiting.opus"
    blocks = prompts.blocks(["waiting", "joining", "unheard-of", "press-pause"])
    assert {len(block) for block in blocks} == {BLOCK_BYTES}
    assert abs(len(blocks) * 0.02 - (1.0 + BETWEEN_S)) < 0.1
    spectrum = np.abs(np.fft.rfft(np.frombuffer(b"".join(blocks[:20]), "<i2").astype(float)))
    assert abs(np.argmax(spectrum) / 0.4 - 1200) < 10
    assert Prompts("ti", None, made).blocks(["waiting"]) == ()


def test_a_sound_survives_being_kept(tmp_path: Path) -> None:
    write(tmp_path / "a.opus", tone(700, 1.0))
    kept = read(tmp_path / "a.opus")
    assert abs(len(kept) / SAMPLE_RATE_HZ - 1.0) < 0.05
    assert abs(np.std(kept[4800:-4800]) - 8000 / np.sqrt(2)) < 400
