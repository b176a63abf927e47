"""A document fetched over HTTPS, anew only when it has changed (RFC 9110: ETag, If-None-Match, 304, Retry-After).

Its address opens it to whoever knows it, so no word of it is logged or told in an error.
"""

import time
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from kiosk.appointments.address import check_address
from kiosk.errors import AppointmentsUnavailable

MOST_BYTES: Final = 2_000_000
MOST_REDIRECTS: Final = 3
CONNECT_TIMEOUT_S: Final = 5.0
SILENCE_TIMEOUT_S: Final = 5.0
WHOLE_TIMEOUT_S: Final = 15.0
LONGEST_RETRY_AFTER_S: Final = 3600.0
_CHUNK_BYTES: Final = 16_384


class FeedUnavailable(AppointmentsUnavailable):
    """No document. `retry_after_s`: the server asked to be left alone for so long; 0: it did not."""

    def __init__(self, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Feed:
    """One thread at a time."""

    def __init__(self, url: str, ca_file: str | None = None) -> None:
        """Raises ConfigError for an address that is not https (http goes to this machine alone)."""
        self._url = url.strip()
        self._origin = _origin(check_address(self._url))
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True
        self._tags: dict[str, str] = {}

    def fetch(self) -> bytes | None:
        """The document; None: it is what the last fetch brought. At most some 20 s. Raises
        FeedUnavailable."""
        ends_at_s = time.monotonic() + WHOLE_TIMEOUT_S
        url = self._url
        try:
            for _ in range(MOST_REDIRECTS + 1):
                headers = {"Accept": "text/calendar", **self._tags}
                with self._session.get(
                    url,
                    headers=headers,
                    stream=True,
                    allow_redirects=False,
                    timeout=(CONNECT_TIMEOUT_S, SILENCE_TIMEOUT_S),
                ) as response:
                    if not response.is_redirect:
                        return self._document(response, ends_at_s)
                    url = urljoin(url, response.headers["Location"])
                if _origin(urlsplit(url)) != self._origin:
                    raise FeedUnavailable("the calendar's server sends on to another host, which is not followed")
        except requests.exceptions.SSLError:
            raise FeedUnavailable("the calendar's server has a certificate that is not trusted") from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise FeedUnavailable(f"the calendar's server does not answer ({type(error).__name__})") from None
        raise FeedUnavailable("the calendar's server sends on in circles")

    def forget(self) -> None:
        """The last document was of no use: fetch the next one whole."""
        self._tags = {}

    def _document(self, response: requests.Response, ends_at_s: float) -> bytes | None:
        if response.status_code == 304 and self._tags:
            return None
        if response.status_code != 200:
            raise FeedUnavailable(f"the calendar's server answered {response.status_code}", _retry_after_s(response))
        content = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            content += chunk
            if len(content) > MOST_BYTES:
                raise FeedUnavailable(f"the calendar is larger than {MOST_BYTES} bytes")
            if time.monotonic() > ends_at_s:
                raise FeedUnavailable(f"the calendar did not come within {WHOLE_TIMEOUT_S:.0f} s")
        asked = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
        self._tags = {ours: response.headers[theirs] for ours, theirs in asked.items() if theirs in response.headers}
        return bytes(content)


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, parts.hostname or "", parts.port


def _retry_after_s(response: requests.Response) -> float:
    told = response.headers.get("Retry-After", "").strip()
    return min(LONGEST_RETRY_AFTER_S, float(told)) if told.isascii() and told.isdigit() else 0.0
