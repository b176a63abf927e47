"""A browser for all tests with the vendor's client, and a clinic for each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.vendor import bundle
from tests.vendor.client import VendorClient
from tests.whole.clinician import CHROMIUM, QUIET_FLAGS
from tests.whole.product import Clinic, no_secrets

LOOPBACK = "--allow-loopback-in-peer-connection"
"""Lets Chromium meet the clinic on a machine whose only network is 127.0.0.1."""

Vendors = Callable[[Clinic], VendorClient]


@pytest.fixture(scope="session")
def script() -> str:
    """The vendor's client, bundled; without it these tests fail."""
    try:
        return bundle.make().read_text()
    except bundle.BundleError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=[*QUIET_FLAGS, LOOPBACK])
        yield browser
        browser.close()


@pytest.fixture
def clinics(tmp_path: Path) -> Iterator[Callable[..., Clinic]]:
    """Starts clinics with the given options of the command line."""
    started: list[Clinic] = []

    def start(*options: str) -> Clinic:
        started.append(Clinic(tmp_path, *options))
        return started[-1]

    yield start
    for clinic in started:
        no_secrets(clinic.close())


@pytest.fixture
def vendor(browser: Browser, script: str) -> Iterator[Vendors]:
    """Opens pages with the vendor's client; at the end none of them may have found fault with the clinic."""
    context = browser.new_context()
    context.grant_permissions(["camera", "microphone"])
    opened: list[VendorClient] = []

    def open_page(clinic: Clinic) -> VendorClient:
        opened.append(VendorClient(context, clinic.url, script))
        return opened[-1]

    yield open_page
    problems = [problem for client in opened for problem in client.problems()]
    context.close()
    assert not problems, problems
