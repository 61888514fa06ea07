"""The one function that fetches from the web; whatever comes from there comes through it.

Only public addresses are asked, each redirect is checked like the first address, and size and
time are capped. Servers are asked as they wish: robots.txt, pauses, Retry-After.
"""

import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

from index.addresses import parse_address
from index.errors import FetchError
from index.listed import Validators

if TYPE_CHECKING:
    import httpx

    from index.network import Network, PublicTransport

MOST_BYTES = 20_000_000  # of one answer, after decompression; the same as for a file
SECONDS = 60.0  # one address may take so long in all, its redirects and retries too
REDIRECTS = 5
RETRIES = 2
BACK_OFF = 2.0  # seconds before the first retry; doubled before the next
_SHORT = 64_000  # bytes
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 502, 503, 504)
_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave. `address` is where its redirects led; `data` is decompressed.

    With `unchanged` the server said that nothing changed since the validators it was shown.
    """

    address: str
    data: bytes
    media_type: str | None
    validators: Validators
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class _Response:
    """One answer to one request; the data only of a 200."""

    status: int
    headers: "httpx.Headers"
    data: bytes


class Fetcher:
    """Fetches addresses, one at a time; connections and manners are kept between them."""

    def __init__(
        self, network: "Network | None" = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        from index.manners import Manners

        self._network = network
        self._sleep = sleep
        self._manners = Manners(self._robots, sleep)
        self._left = SECONDS

    @cached_property
    def _transport(self) -> "PublicTransport":
        from index.network import Internet, PublicTransport

        return PublicTransport(self._network or Internet())

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx

        agent = f"Dateline/{version('dateline')} (article collection; reads robots.txt)"
        client = httpx.Client(
            transport=self._transport,
            trust_env=False,
            headers={"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"},
        )
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        if "_client" in self.__dict__:
            self._client.close()

    def fetch(self, address: str, known: Validators | None = None) -> Fetched:
        """Get what an address holds, or learn that it has not changed since `known`.

        Raises FetchError, with `gone` set when the server says that it is no more.
        """
        self._left = SECONDS
        url = parse_address(address)
        asked = _conditions(known)
        for _ in range(REDIRECTS + 1):
            self._manners.check(url)
            response = self._ask(url, asked)
            if response.status not in _REDIRECTS:
                return _fetched(url, response)
            url = _next(url, response)
        raise FetchError(f"redirects more than {REDIRECTS} times; give the address it leads to")

    def _ask(self, url: "httpx.URL", headers: dict[str, str]) -> _Response:
        """Send a request; again, after a while, when the server is busy or out of reach."""
        for attempt in range(RETRIES + 1):
            self._manners.wait(url)
            pause = BACK_OFF * 2**attempt
            try:
                response = self._send(url, headers)
            except _Unreachable as error:
                self._manners.failed(url, str(error))
                if attempt == RETRIES:
                    raise
            else:
                self._manners.answered(url)
                if response.status not in _BUSY or attempt == RETRIES:
                    return response
                pause = max(pause, self._manners.retry_after(url, response.headers))
            self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _send(self, url: "httpx.URL", headers: dict[str, str]) -> _Response:
        """Send one request, once. Raises FetchError."""
        import httpcore
        import httpx

        started = time.monotonic()
        self._transport.allow(self._left)
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                data = _body(response) if response.status_code == 200 else _passed_over(response)
                return _Response(response.status_code, response.headers, data)
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise _Unreachable(f"{url.host} takes too long; try again later") from None
        except (httpcore.NetworkError, httpx.NetworkError) as error:
            if _is_distrust(error):
                raise FetchError(f"{url.host} does not prove to be it ({error})") from None
            reason = f" ({error})" if str(error) else ""
            raise _Unreachable(f"{url.host} cannot be reached{reason}; try again later") from None
        except (httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL, zlib.error) as error:
            raise FetchError(f"{url.host} does not answer as a web server ({error})") from None
        finally:
            self._left -= time.monotonic() - started

    def _robots(self, url: "httpx.URL") -> bytes:
        """The rules of a host; empty when it has none. Raises FetchError when none can be had."""
        for _ in range(REDIRECTS + 1):
            response = self._ask(url, {})
            if response.status not in _REDIRECTS:
                if response.status >= 500 or response.status == 429:
                    said = f"{url.host} answers {response.status} for its robots.txt"
                    raise FetchError(f"{said}; try again later")
                return response.data
            url = _next(url, response)
        return b""


class _Unreachable(FetchError):
    """The server may be there another time."""


def _is_distrust(error: BaseException | None) -> bool:
    """Whether a failure comes from a certificate that is not the host's."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _conditions(known: Validators | None) -> dict[str, str]:
    pairs = {
        "If-None-Match": known.etag if known else None,
        "If-Modified-Since": known.modified if known else None,
    }
    return {name: value for name, value in pairs.items() if value}


def _next(url: "httpx.URL", response: _Response) -> "httpx.URL":
    import httpx

    try:
        target = url.join(response.headers["location"])
    except (KeyError, httpx.InvalidURL, ValueError):
        raise FetchError("redirects to no address; save the page and give it") from None
    try:
        return parse_address(str(target))
    except FetchError as error:
        raise FetchError(f"redirects to {target}, which {error}") from None


def _fetched(url: "httpx.URL", response: _Response) -> Fetched:
    status, headers = response.status, response.headers
    if status in _GONE:
        raise FetchError(f"is not there (the server answers {status})", gone=True)
    if status not in (200, 304):
        raise FetchError(f"cannot be had (the server answers {status}); save the page and give it")
    return Fetched(
        str(url),
        response.data,
        headers.get("content-type"),
        Validators(headers.get("etag"), headers.get("last-modified")),
        unchanged=status == 304,
    )


def _passed_over(response: "httpx.Response") -> bytes:
    """Nothing; what is short is read, so that the connection can be used again."""
    size = 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > _SHORT:
            break
    return b""


def _body(response: "httpx.Response") -> bytes:
    """The whole body, decompressed. Raises FetchError as soon as it becomes too large."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("gzip", "x-gzip", "identity", ""):
        raise FetchError("comes in a compression that was not asked for; save the page and give it")
    inflater = zlib.decompressobj(31) if "gzip" in coding else None
    data = bytearray()
    for piece in response.iter_raw():
        # Bounded within each piece too: 64 kB of gzip may hold 64 MB.
        data += inflater.decompress(piece, MOST_BYTES + 1 - len(data)) if inflater else piece
        if len(data) > MOST_BYTES:
            raise FetchError(f"is larger than {MOST_BYTES // 1_000_000} MB; save what you need")
    if inflater and not inflater.eof:
        raise FetchError("ends before its end; try again later")
    return bytes(data)
