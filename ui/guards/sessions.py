"""Who has logged in: random keys in a cookie, known to this process only."""

import time
from collections import OrderedDict
from collections.abc import Callable
from secrets import token_urlsafe

SECONDS = 7 * 24 * 3600  # that a log-in lasts
_MOST = 10_000  # at once; then the oldest ends


class Sessions:
    """The log-ins of a server. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: OrderedDict[str, float] = OrderedDict()

    def open(self) -> str:
        """A new key. 256 random bits need no comparison in constant time."""
        key = token_urlsafe(32)
        self._begun[key] = self._clock()
        if len(self._begun) > _MOST:
            self._begun.popitem(last=False)
        return key

    def knows(self, key: str) -> bool:
        """Whether the key is of a log-in that lasts."""
        begun = self._begun.get(key)
        return begun is not None and self._clock() - begun < SECONDS

    def close(self, key: str) -> None:
        """End a log-in."""
        self._begun.pop(key, None)
