"""How servers wish to be asked: robots.txt, pauses between requests, and when to come back."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from index.errors import FetchError

if TYPE_CHECKING:
    import httpx
    from protego import Protego

AGENT = "Dateline"  # the name that robots.txt may address us by
PAUSE = 1.0  # seconds between two requests to one host, unless it asks for more
LONGEST_PAUSE = 30.0  # seconds of Crawl-delay or Retry-After that we wait
_MOST_RULES = 500_000  # bytes of robots.txt that are read, as RFC 9309 asks
_FAILURES = 3  # requests in a row that a host may fail before it is left alone


class Manners:
    """What is known of each host during one run."""

    def __init__(
        self, robots: "Callable[[httpx.URL], bytes]", sleep: Callable[[float], None]
    ) -> None:
        self._robots = robots
        self._sleep = sleep
        self._rules: dict[str, Protego | None] = {}  # by scheme, host and port
        self._free: dict[str, float] = {}  # host → when it may be asked again, by time.monotonic
        self._pauses: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._closed: dict[str, str] = {}  # host → why it is not asked in this run any more

    def check(self, url: "httpx.URL") -> None:
        """Raise FetchError when the host does not want this address to be read."""
        self._check_open(url)
        rules = self._rules_for(url)
        if rules is not None and not rules.can_fetch(str(url), AGENT):
            raise FetchError(f"{url.host} forbids it in robots.txt; save the page and give it")

    def wait(self, url: "httpx.URL") -> None:
        """Pause until the host may be asked again. Raises FetchError if it is to be left alone."""
        self._check_open(url)
        seconds = self._free.get(url.host, 0.0) - time.monotonic()
        if seconds > 0:
            self._sleep(seconds)
        self._free[url.host] = time.monotonic() + self._pauses.get(url.host, PAUSE)

    def answered(self, url: "httpx.URL") -> None:
        """Note that the host is there."""
        self._failures.pop(url.host, None)

    def failed(self, url: "httpx.URL", reason: str) -> None:
        """Note that the host could not be reached; in the end it is left alone."""
        count = self._failures[url.host] = self._failures.get(url.host, 0) + 1
        if count >= _FAILURES:
            self._closed[url.host] = reason

    def retry_after(self, url: "httpx.URL", headers: "httpx.Headers") -> float:
        """Seconds that the host asks to wait. Raises FetchError when they are too many."""
        seconds = _seconds(headers.get("retry-after", ""))
        if seconds > LONGEST_PAUSE:
            reason = f"{url.host} asks to come back in {seconds:,.0f} seconds; try again then"
            self._closed[url.host] = reason
            raise FetchError(reason)
        return seconds

    def _check_open(self, url: "httpx.URL") -> None:
        if url.host in self._closed:
            raise FetchError(self._closed[url.host])

    def _rules_for(self, url: "httpx.URL") -> "Protego | None":
        """The host's rules; None where it has none. Rules that cannot be had forbid all."""
        site = f"{url.scheme}://{url.netloc.decode()}"
        if site not in self._rules:
            from protego import Protego

            try:
                text = self._robots(url.copy_with(raw_path=b"/robots.txt"))
            except FetchError as error:
                self._closed.setdefault(url.host, str(error))
                raise FetchError(self._closed[url.host]) from None
            rules = Protego.parse(text[:_MOST_RULES].decode("utf-8", "replace")) if text else None
            self._rules[site] = rules
            if rules is not None and (delay := rules.crawl_delay(AGENT)):
                self._pauses[url.host] = min(max(delay, PAUSE), LONGEST_PAUSE)
        return self._rules[site]


def _seconds(value: str) -> float:
    """Retry-After, in seconds or as a date; 0 for anything else."""
    if value.strip().isdigit():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
