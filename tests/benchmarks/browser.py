"""Chromium on the clinic's page: as the host who stays in the room, and as a guest to compare the terminal with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from playwright.sync_api import Page, Playwright, expect

from tests.whole.clinician import CHROMIUM, QUIET_FLAGS
from tests.whole.product import HOST_PIN, ROOM, until

KEEP_CONNECTION: Final = """
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
        constructor(...given) { super(...given); window.benchmarkConnection = this; }
    };
"""
CLINICS_OWN: Final = (640, 360)
"""Size of the clinic's own pictures, which no camera here has: who is shown one has not yet seen the host."""
JOIN: Final = """([ownWidth, ownHeight]) => new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('no picture of the host within 30 s')), 30000);
    const video = document.querySelector('#remote');
    const clickedMs = performance.now();
    let firstMs = 0;
    const note = (_, frame) => {
        const afterMs = frame.presentationTime - clickedMs;
        firstMs ||= afterMs;
        if (frame.width === ownWidth && frame.height === ownHeight) {
            video.requestVideoFrameCallback(note);
        } else {
            clearTimeout(limit);
            resolve([firstMs, afterMs]);
        }
    };
    video.requestVideoFrameCallback(note);
    document.querySelector('#join').click();
})"""
VIDEO_FIGURES: Final = """async () => {
    const figures = {};
    for (const report of (await window.benchmarkConnection.getStats()).values()) {
        if (report.kind !== 'video') continue;
        const size = [report.frameWidth ?? 0, report.frameHeight ?? 0];
        if (report.type === 'inbound-rtp') figures.decoded = [report.framesDecoded, ...size];
        if (report.type === 'outbound-rtp') figures.sent = [report.framesSent, ...size];
    }
    return figures;
}"""


@dataclass(frozen=True, slots=True)
class Join:
    """One click on Join."""

    first_picture_ms: float
    """From the click until the first remote picture was given to the compositor."""
    host_picture_ms: float
    """The same for the first one of the host; later, when the clinic's own came before it."""


@dataclass(frozen=True, slots=True)
class VideoFigures:
    """Pictures of a call so far."""

    decoded: int
    decoded_size: tuple[int, int]
    sent: int
    sent_size: tuple[int, int]


class Browser:
    """One browser of its own, with all its processes."""

    def __init__(self, page: Page, process: psutil.Process) -> None:
        self._page = page
        self.process = process
        """The root of its processes."""

    def host(self, clinic_url: str) -> None:
        """Enter the room as host and stay."""
        self._page.goto(f"{clinic_url}/clinician?room={ROOM}&pin={HOST_PIN}&name=Host&join=1")
        expect(self._page.locator("#self")).to_be_visible(timeout=30_000)

    def remove_guest(self) -> None:
        """As host: put the guest out."""
        self._page.locator("button[data-remove]").first.click(timeout=15_000)

    def open_lobby(self, clinic_url: str) -> None:
        """Have the page ready, one click from the room; a guest needs no PIN."""
        self._page.goto(f"{clinic_url}/clinician?room={ROOM}&name=Guest", wait_until="networkidle")
        expect(self._page.locator("#join")).to_be_enabled()

    def join(self) -> Join:
        """Click, and wait for the host's first picture."""
        first_ms, host_ms = self._page.evaluate(JOIN, list(CLINICS_OWN))
        return Join(float(first_ms), float(host_ms))

    def leave(self) -> None:
        """Back to the lobby, nothing open."""
        self._page.locator("#leave").click()
        expect(self._page.locator("#join")).to_be_visible()
        self._page.goto("about:blank")

    def video(self) -> VideoFigures:
        """As the browser's own statistics tell."""
        figures = self._page.evaluate(VIDEO_FIGURES)
        decoded, sent = figures["decoded"], figures["sent"]
        return VideoFigures(int(decoded[0]), (decoded[1], decoded[2]), int(sent[0]), (sent[1], sent[2]))


@contextmanager
def browser(playwright: Playwright, film: Path, tone: Path, width: int, height: int) -> Iterator[Browser]:
    """A new Chromium, drawing without a display, whose camera and microphone are these files."""
    before = set(_roots())
    chromium = playwright.chromium.launch(
        executable_path=CHROMIUM,
        headless=True,
        args=[*QUIET_FLAGS, f"--use-file-for-fake-video-capture={film}", f"--use-file-for-fake-audio-capture={tone}"],
    )
    try:
        context = chromium.new_context(viewport={"width": width, "height": height})
        context.grant_permissions(["camera", "microphone"])
        context.add_init_script(KEEP_CONNECTION)
        page = context.new_page()
        yield Browser(page, until("the browser's process", lambda: next(iter(set(_roots()) - before), None)))
    finally:
        chromium.close()


def _roots() -> list[psutil.Process]:
    """Every browser that we have started: the process that is nobody's renderer or helper."""
    roots = []
    for process in psutil.Process().children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if words and "chromium" in words[0] and not any(word.startswith("--type=") for word in words):
            roots.append(process)
    return roots
