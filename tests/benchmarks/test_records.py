"""What is read from pictures and sounds: the number, the chirps, and the figures that follow."""

import io
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kiosk.devices.camera.pictures import i420
from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.media.voice import Settings, open_voice
from tests.benchmarks import clip
from tests.benchmarks.records import Heard, Pictures, Recorder, Recording, Records, hearing, load, sight

WIDTH, HEIGHT = 480, 360


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> list[av.VideoFrame]:
    path = tmp_path_factory.mktemp("film") / "clip.y4m"
    clip.write_film(path, WIDTH, HEIGHT)
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def numbers(frames: list[av.VideoFrame]) -> list[int | None]:
    return [clip.read_number(i420(frame, 0.0).y) for frame in frames]


def test_every_picture_bears_its_number(film: list[av.VideoFrame]) -> None:
    assert numbers(film) == list(range(clip.PICTURES))


def test_the_number_survives_a_narrow_line(film: list[av.VideoFrame]) -> None:
    file = io.BytesIO()
    with av.open(file, "w", "ivf") as container:
        stream = container.add_stream("libvpx", 30, {"deadline": "realtime", "cpu-used": "8"})
        stream.width, stream.height, stream.bit_rate = WIDTH, HEIGHT, 200_000
        stream.time_base = Fraction(1, 30)
        for number, frame in enumerate(film[:40]):
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as container:
        read = numbers(list(container.decode(video=0)))
    assert sum(one == wanted for one, wanted in zip(read, range(40), strict=False)) >= 36, read


def test_a_picture_without_a_number_has_none() -> None:
    assert clip.read_number(np.full((HEIGHT, WIDTH), 128, np.uint8)) is None


def test_chirps_are_found_where_they_are_in_noise_and_at_another_level() -> None:
    late = 12_345
    noise = np.random.default_rng(1).normal(0, 300, late + len(clip.sound()))
    heard = noise + np.concatenate((np.zeros(late), clip.sound() * 0.3))
    found = clip.find_chirps(heard.astype(np.int16))
    every = round(clip.CHIRP_EVERY_S * SAMPLE_RATE_HZ)
    assert [kind for _, kind in found] == [0, 1, 2, 3] * 2
    assert all(abs(start - late - (number + 0.5) * every) < 50 for number, (start, _) in enumerate(found))


def test_the_doctor_s_chirps_are_found_and_never_in_step_with_the_guests() -> None:
    found = [start for start, _ in clip.find_chirps(clip.doctors_sound())]
    assert len(found) == 24
    gaps = np.diff(found)
    assert gaps.min() > 0.25 * SAMPLE_RATE_HZ
    assert len(set((gaps // 480).tolist())) > 12


def test_what_is_in_step_with_the_loudspeaker_is_an_echo_and_the_doctor_s_sound_is_not() -> None:
    seconds = 8
    said, same = (np.resize(sound, seconds * SAMPLE_RATE_HZ) for sound in (clip.sound(), np.roll(clip.sound(), -9600)))
    doctor = clip.doctors_sound()[: seconds * SAMPLE_RATE_HZ]
    shares = [len(clip.find_chirps(_processed(far, said)[-4 * SAMPLE_RATE_HZ :])) / 8 for far in (same, doctor)]
    assert shares[0] < 0.2
    assert shares[1] > 0.7


def _processed(far: clip.Sound, near: clip.Sound) -> clip.Sound:
    voice = open_voice(Settings())
    sent = []
    for start in range(0, len(near), BLOCK_SAMPLES):
        voice.far(far[start : start + BLOCK_SAMPLES].tobytes())
        sent.append(voice.near(near[start : start + BLOCK_SAMPLES].tobytes()))
    return np.frombuffer(b"".join(sent), np.int16)


def test_silence_has_no_chirps() -> None:
    assert clip.find_chirps(np.zeros(SAMPLE_RATE_HZ, np.int16)) == []


def pictures(times: list[float], shown: list[int]) -> Pictures:
    return Pictures(np.array([[at, number, 640, 480] for at, number in zip(times, shown, strict=True)]))


def test_sight_tells_delay_freezes_and_the_gap_at_the_end() -> None:
    captured = pictures([number / 30 for number in range(60)], list(range(60)))
    shown = [number for number in range(40) if not 10 <= number < 20]
    decoded = pictures([number / 30 + 0.05 for number in shown], shown)
    seen = sight(captured, decoded, (0.0, 2.0))
    assert seen.delays_ms == pytest.approx([50.0] * 30)
    # Ten pictures were missing; after the fortieth none came any more.
    assert seen.freezes == 2
    assert seen.frozen_s == pytest.approx(11 / 30 + 2.0 - 39 / 30 - 0.05)
    assert seen.longest_s == pytest.approx(2.0 - 39 / 30 - 0.05)


def test_a_picture_that_is_decoded_again_and_again_is_frozen() -> None:
    captured = pictures([0.0], [7])
    decoded = pictures([0.1 * number for number in range(20)], [7] * 20)
    seen = sight(captured, decoded, (0.0, 2.0))
    assert seen.freezes == 1
    assert seen.frozen_s == pytest.approx(2.0)


def blocks(begin_s: float, size: int, rate_hz: int = SAMPLE_RATE_HZ) -> Heard:
    count = len(clip.sound()) // size
    rows = [[begin_s + number * size / SAMPLE_RATE_HZ, size] for number in range(count)]
    return Heard(np.array(rows), clip.sound()[: count * size])


def test_hearing_counts_from_microphone_to_loudspeaker() -> None:
    # A block is handed over by the microphone when it is full and taken by the loudspeaker when it begins.
    said, played = blocks(100.02, 960), blocks(100.06, 480)
    told = hearing(said, played, (100.0, 104.2))
    assert told.delays_ms == pytest.approx([60.0] * 8, abs=0.5)
    assert told.lost == 0


def test_what_a_recorder_writes_is_read_again(tmp_path: Path, film: list[av.VideoFrame]) -> None:
    recorder = Recorder(tmp_path)
    recorder.picture("in", 5.0, i420(film[33], 0.0).y)
    recorder.block("out", 6.0, bytes(1920))
    read = load(lambda name: (tmp_path / name).read_bytes())
    assert read.pictures["in"].rows.tolist() == [[5.0, 33, WIDTH, HEIGHT]]
    assert read.sound["out"].blocks.tolist() == [[6.0, 960]]


def test_sound_of_44100_hz_is_brought_to_48000() -> None:
    at_44100 = np.interp(np.arange(4 * 44_100) * 48_000 / 44_100, np.arange(len(clip.sound())), clip.sound())
    rows = b"".join(struct.pack("<3d", 1.0 + number / 100, 441, 44_100) for number in range(400))
    given = {"out-blocks": rows, "out-samples": at_44100.astype("<i2").tobytes()}
    read: Records = load(lambda name: given.get(name, b""))
    heard = read.sound["out"].chirps((0.0, 10.0), ends=False)
    assert [kind for _, kind in heard] == [0, 1, 2, 3] * 2
    assert [at_s for at_s, _ in heard] == pytest.approx([1.25 + number / 2 for number in range(8)], abs=0.002)


def test_what_was_before_is_forgotten(tmp_path: Path, film: list[av.VideoFrame]) -> None:
    recorder, recording = Recorder(tmp_path), Recording(tmp_path)
    for number in range(3):
        recorder.picture("in", float(number), i420(film[number], 0.0).y)
        recorder.block("in", float(number), bytes([number]) * 1920)
        if number == 1:
            recording.forget()
    read = recording.read()
    assert read.pictures["in"].rows[:, 1].tolist() == [2]
    assert read.sound["in"].blocks[:, 0].tolist() == [2.0]
    assert read.sound["in"].samples.tobytes() == bytes([2]) * 1920
