"""The pages in a real browser, with a patient on the other side."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Frame, Page, async_playwright, expect

from kiosk.clinic import ClinicSettings, RoomSettings, RunningClinic, serve
from kiosk.clinic.pictures import Picture
from kiosk.clinic.settings import VideoCodec

from .bench_terminal import IDLE, WiredTerminal
from .conftest import Start
from .peer import Peer, until

PATIENT, PATIENT_HZ = (200, 40, 40), 500.0
CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READ_CORNER = """(video) => {
    if (!video.videoWidth) return null;
    const canvas = new OffscreenCanvas(64, 36);
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 64, 36);
    return [...context.getImageData(58, 2, 1, 1).data].slice(0, 3);
}"""


@pytest.fixture
def pictures(pytestconfig: pytest.Config) -> Path:
    """Where pictures of the pages are kept to be looked at."""
    return pytestconfig.rootpath / "build" / "screens"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield chromium
        await chromium.close()


async def until_async(read: Callable[[], Awaitable[object]], expected: object) -> None:
    for _ in range(200):
        if (value := await read()) == expected:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"still {value}, not {expected}")


async def corner_of(page: Page | Frame, selector: str) -> list[int] | None:
    corner: list[int] | None = await page.locator(selector).evaluate(READ_CORNER)
    return corner


async def sees(page: Page | Frame, colour: tuple[int, int, int]) -> None:
    for _ in range(300):
        corner = await corner_of(page, "#remote")
        if corner and all(abs(a - b) < 28 for a, b in zip(corner, colour, strict=True)):
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"the page does not show {colour} but {corner}")


@pytest.mark.parametrize("codec", ["vp8", "h264"])
async def test_clinician_admits_sees_hears_mutes_and_ends(
    start: Start, browser: Browser, pictures: Path, codec: VideoCodec
) -> None:
    clinic = await start(codec=codec)
    errors: list[str] = []
    page = await browser.new_page(viewport={"width": 1200, "height": 760})
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    async with Peer(clinic.url) as patient:
        await patient.join("Kari Nordmann", "none")
        await patient.call(PATIENT, PATIENT_HZ, codec)

        await page.goto(f"{clinic.url}/clinician?room=123456&pin=1234&name=Dr.+Berg&join=1")
        await page.locator(f"#admit-{patient.uuid}").click()
        await sees(page, PATIENT)
        await until(lambda: patient.seen.pixels is not None and patient.seen.pixels[4, 4, 1] > 120, "green of Chromium")
        meter = page.locator("#level-remote")
        await expect(meter).to_have_attribute("data-peak-hz", re.compile(r"49\d|50\d"), timeout=10_000)
        await page.screenshot(path=pictures / "clinician.png")

        await page.locator("#chat-text").fill("God dag!")
        await page.locator("#chat-send").click()
        message = await patient.event("message_received")
        assert (message["origin"], message["payload"]) == ("Dr. Berg", "God dag!")
        await patient.post("message", {"type": "text/plain", "payload": "Hei <b>doktor</b>"})
        await expect(page.locator("#chat-log")).to_contain_text("Hei <b>doktor</b>")

        await page.locator("#toggle-camera").click()
        await patient.event("participant_update", lambda p: p["is_video_muted"])
        await page.locator("[data-mute]").click()
        await patient.event("participant_update", lambda p: p["uuid"] == patient.uuid and p["is_muted"] == "YES")

        await patient.mine("client_mute")
        await patient.mine("video_muted")
        await expect(page.locator("#notice")).to_have_text("Kari Nordmann has paused")
        await page.screenshot(path=pictures / "clinician-paused.png")

        await page.locator("#end-all").click()
        assert await patient.event("disconnect") == {"reason": "Conference terminated by another participant"}
        await expect(page.locator("#problem")).to_contain_text("terminated")
        await patient.post("release_token")
    await until(lambda: len(clinic.clinic.tokens) == 0, "all tokens are given back")
    assert errors == []


async def test_a_button_stays_under_the_pointer_while_others_come_and_go(start: Start, browser: Browser) -> None:
    clinic = await start()
    page = await browser.new_page()
    async with Peer(clinic.url) as patient, Peer(clinic.url) as other:
        await patient.join("Kari Nordmann", "none")
        await page.goto(f"{clinic.url}/clinician?room=123456&pin=1234&name=Dr.+Berg&join=1")
        await page.locator(f"#admit-{patient.uuid}").hover()
        await page.mouse.down()
        await other.join("Ola Nordmann", "none")
        await expect(page.locator("#roster")).to_contain_text("Ola Nordmann")
        await page.mouse.up()
        await expect(page.locator(f"#admit-{patient.uuid}")).to_have_count(0)
        await expect(page.locator(f"#admit-{other.uuid}")).to_have_count(1)


async def test_clinician_steers_the_patients_camera_and_moves_her_on(
    start: Start, browser: Browser, pictures: Path
) -> None:
    clinic = await start(rooms=(RoomSettings("123456", "1234", auto_admit=True), RoomSettings("ward7", "5678")))
    page = await browser.new_page(viewport={"width": 1200, "height": 760})
    async with Peer(clinic.url) as patient:
        await page.goto(f"{clinic.url}/clinician?room=123456&pin=1234&name=Dr.+Berg&join=1")
        await expect(page.locator("#notice")).to_have_text("Nobody else is here yet")
        await expect(page.locator("#camera-control")).to_be_hidden()
        await patient.join("Kari Nordmann", "none")
        await patient.call(PATIENT, PATIENT_HZ, fecc_supported=True)
        await sees(page, PATIENT)
        closer = page.locator("#camera-control [data-axis=zoom][data-direction=in]")
        await closer.hover()
        await page.mouse.down()
        await patient.event("fecc", lambda wish: wish["action"] == "start")
        await patient.event("fecc", lambda wish: wish["action"] == "continue")
        await page.mouse.up()
        stop = await patient.event("fecc", lambda wish: wish["action"] == "stop")
        assert stop["movement"] == [{"axis": "zoom", "direction": "in"}]
        await page.screenshot(path=pictures / "clinician-camera-control.png")

        answers = iter(["nowhere", "ward7"])
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept(next(answers))))
        await page.locator("[data-move]").click()
        await expect(page.locator("#notice")).to_have_text("There is no other room with this number")
        await page.locator("[data-move]").click()
        assert (await patient.event("refer"))["alias"] == "ward7"


async def test_both_pages_side_by_side_work_the_terminal(
    clinic: RunningClinic, browser: Browser, pictures: Path
) -> None:
    errors: list[str] = []
    page = await browser.new_page(viewport={"width": 1400, "height": 860})
    page.on("pageerror", lambda error: errors.append(str(error)))
    terminal = WiredTerminal(clinic.url)
    try:
        await terminal.connect()
        await terminal.put_state({**IDLE, "sound": {"hz": 440.0, "dbfs": -12.0, "silent_blocks": 0}})
        await page.goto(f"{clinic.url}/")
        bench = page.frame_locator("#bench-frame")
        await expect(bench.locator("#state")).to_have_text("idle")
        await until(lambda: ("watch", {"on": True}) in terminal.hands, "the terminal is watched")
        await terminal.put_picture((20, 60, 160), 1024, 600)
        await expect(bench.locator("#absent")).to_be_hidden()
        await until_async(lambda: bench.locator("#screen").evaluate("image => image.naturalWidth"), 1024)

        await expect(bench.locator("body")).to_have_attribute("data-sound-hz", "440")
        await bench.locator("#press").click()
        assert await terminal.hand("press") is None
        await bench.locator("#plug-camera").click()
        assert await terminal.hand("plug") == {"device": "camera", "plugged": False}
        await bench.locator("#appointment-give").click()
        appointment = await terminal.hand("appointment")
        assert (appointment["host"], appointment["alias"], appointment["pin"]) == (clinic.url, "123456", None)
        await bench.locator("#fault-stall").click()
        await until(lambda: clinic.clinic.faults.stall, "the clinic stalls")
        await bench.locator("#fault-stall").click()

        clinician = page.frame_locator("#clinician-frame")
        await clinician.locator("#pin").fill("1234")
        await clinician.locator("#join").click()
        await expect(clinician.locator("#meeting")).to_be_visible()
        await expect(clinician.locator("#notice")).to_have_text("Nobody else is here yet")
        await page.screenshot(path=pictures / "both-pages.png")

        await page.goto("about:blank")
        await until(lambda: terminal.hands[-1] == ("watch", {"on": False}), "nobody watches any more")
        await until(lambda: not clinic.clinic.rooms["123456"].participants, "the closed page has left the room")
    finally:
        await terminal.close()
    assert errors == []


async def test_clinician_comes_back_by_himself_when_the_clinic_is_started_again(browser: Browser) -> None:
    first = await serve(ClinicSettings(port=0))
    page = await browser.new_page()
    try:
        await page.goto(f"{first.url}/clinician?pin=1234&join=1")
        await expect(page.locator("#notice")).to_have_text("Nobody else is here yet")
        await page.locator("#toggle-mic").click()
    finally:
        await first.close()
    second = await serve(ClinicSettings(port=first.port))
    try:
        people = second.clinic.rooms["123456"].participants
        returned = await until(
            lambda: next((p for p in people.values() if p.has_media and p.client_muted), None), "back"
        )
        assert returned.role == "HOST"
        await sees(page, Picture.ALONE.value)
        await expect(page.locator("#notice")).to_have_text("Nobody else is here yet")
        assert len(people) == 1
    finally:
        await page.close()
        await second.close()
