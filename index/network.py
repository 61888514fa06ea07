"""Connections to the public internet and nowhere else, each within its time."""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Protocol

import httpcore
import httpx

from index.addresses import checked
from index.errors import FetchError

CONNECT_SECONDS = 10.0


class Network(Protocol):
    """Names to addresses, and connections to addresses."""

    def resolve(self, host: str, port: int) -> list[str]:
        """All addresses that a host's name stands for now, in any spelling."""

    def is_own(self, address: str) -> bool:
        """Whether an address is one of this machine's."""

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        """A connection to exactly this address; raises httpcore.NetworkError."""


class Internet:
    """The network that this machine is on."""

    def resolve(self, host: str, port: int) -> list[str]:
        """Ask the system, which also reads what it takes for a number: 0x7f.1, 2130706433."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return [str(each[4][0]) for each in found]

    def is_own(self, address: str) -> bool:
        """Ask which of our addresses a packet to it would leave from; nothing is sent."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return bool(probe.getsockname()[0] == address)
        except OSError:
            return False

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        """Connect to an address in numbers: nothing is resolved again."""
        return httpcore.SyncBackend().connect_tcp(address, port, seconds)


class _Timed(httpcore.NetworkStream):
    """A connection that nothing holds longer than its deadline, byte by byte or otherwise."""

    def __init__(self, stream: httpcore.NetworkStream, clock: "_Guarded") -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._clock.left())
        return _Timed(stream, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Guarded(httpcore.NetworkBackend):
    """Resolves a host once, checks every address, and connects to one of those it checked."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.deadline = 0.0  # by time.monotonic

    def left(self) -> float:
        """Seconds until the deadline. Raises httpcore.ReadTimeout after it."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = checked(host, self._network.resolve(host, port))
        if any(self._network.is_own(address) for address in addresses):
            raise FetchError(f"{host} is this machine; save the page and give it")
        error: Exception = httpcore.ConnectError()
        for address in addresses:
            try:
                seconds = min(CONNECT_SECONDS, self.left())
                return _Timed(self._network.connect(address, port, seconds), self)
            except (httpcore.NetworkError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error


class _Body(httpx.SyncByteStream):
    """A response's bytes as they come."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """The certificates that come with certifi; reading them takes 0.15 s."""
    return httpx.create_ssl_context(trust_env=False)


class PublicTransport(httpx.BaseTransport):
    """What httpx sends requests through: plain or TLS, by our own connections, no proxy.

    The name in the address is what TLS verifies and what the Host header says, while the
    connection goes to the address that was checked.
    """

    def __init__(self, network: Network) -> None:
        self._backend = _Guarded(network)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=8,
            keepalive_expiry=30.0,
            network_backend=self._backend,
        )

    def allow(self, seconds: float) -> None:
        """Give what follows so much time in all."""
        self._backend.deadline = time.monotonic() + seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises FetchError and httpcore's errors."""
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        response = self._pool.handle_request(sent)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
