"""Slows down the guessing of a password: who failed often must wait before each new try."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_FREE = 5  # failures before the first wait
_LONGEST = 60.0  # seconds to wait at most
_FORGOTTEN = 900.0  # seconds after which failures no longer count
_MOST_ADDRESSES = 10_000  # that are remembered


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0


class Attempts:
    """Counts failures by address. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until this address may try again; 0 when it may now."""
        known = self._known(address)
        if known is None or known.count < _FREE:
            return 0.0
        pause = min(_LONGEST, 2.0 ** (known.count - _FREE))
        return max(0.0, known.last + pause - self._clock())

    def failed(self, address: str) -> None:
        """Count a failure."""
        known = self._known(address) or _Failures()
        known.count += 1
        known.last = self._clock()
        self._failures[_network(address)] = known
        self._failures.move_to_end(_network(address))
        if len(self._failures) > _MOST_ADDRESSES:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the failures of this address."""
        self._failures.pop(_network(address), None)

    def _known(self, address: str) -> _Failures | None:
        known = self._failures.get(_network(address))
        if known is not None and self._clock() - known.last > _FORGOTTEN:
            return None
        return known


def _network(address: str) -> str:
    """What one sender can choose from: an IPv4 address, or the half of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return (
        str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((int(parsed), 64), False))
    )
