"""No page of another site may use this server through somebody's browser.

A page elsewhere can send requests to a server on this machine, and after DNS rebinding under a name
of its own. So the host that a request names must be ours, and the page that sent it as well.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.doors.failures import Failure, failure_response

_HOST = Failure(400, "wrong_host", "This server does not go by that name. Use its own address.")
_ORIGIN = Failure(403, "wrong_origin", "A page of another site may not use this server.")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def local_names(host: str) -> frozenset[str]:
    """The names of a server that listens on a loopback address."""
    return _LOOPBACK | {host}


class SameSite:
    """Refuses requests that name another host, and those that another site's page sends.

    `names` are the hosts to go by; None lets any pass, because a server for other machines cannot
    know its names. It has a password, which a page elsewhere does not.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str] | None) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            refused = self._refusal(headers, scope["method"])
            if refused:
                await failure_response(refused)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, headers: Headers, method: str) -> Failure | None:
        host = headers.get("host", "")
        if self._names is not None and _name(host) not in self._names:
            return _HOST
        origin = headers.get("origin")
        if origin is not None and _place(origin) != host.lower():
            return _ORIGIN
        following = headers.get("sec-fetch-mode") == "navigate" and method == "GET"
        if headers.get("sec-fetch-site", "none") in {"none", "same-origin"} or following:
            return None
        return _ORIGIN


def _name(host: str) -> str:
    """The host without its port; empty when it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _place(origin: str) -> str:
    """The host and port of an origin; empty for "null" and what is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
