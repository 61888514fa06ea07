"""Lets in who has the password: a browser by a cookie after a log-in, a program by a header."""

import math
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.doors.failures import Failure, failure_response
from ui.guards.attempts import Attempts
from ui.guards.password import Password
from ui.guards.sessions import Sessions

COOKIE = "dateline-session"
LOGIN = "/login"
# "Bearer", because a browser asks for a name and password of its own when it reads "Basic".
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Dateline"'}
_NEEDED = Failure(
    401,
    "unauthorized",
    "This server needs its password: send it as a bearer token, or log in at /login.",
    _CHALLENGE,
)
_WRONG = Failure(401, "unauthorized", "The password is wrong.", _CHALLENGE)


class Keeper:
    """Knows the password, who has logged in, and who guesses."""

    def __init__(self, password: Password) -> None:
        self.password = password
        self.attempts = Attempts()
        self.sessions = Sessions()

    def log_in(self, address: str, user: str, password: str) -> str | Failure:
        """A session's key for the right password."""
        refused = self._judge(address, lambda: self.password.fits(user, password))
        return refused or self.sessions.open()

    def refusal(self, request: HTTPConnection) -> Failure | None:
        """Why a request may not pass; None when it may."""
        if self.sessions.knows(request.cookies.get(COOKIE, "")):
            return None
        header = request.headers.get("authorization")
        if header is None:
            return _NEEDED
        return self._judge(address_of(request), lambda: self.password.fits_header(header))

    def _judge(self, address: str, right: Callable[[], bool]) -> Failure | None:
        """Try a password, unless this address has tried too many."""
        wait = self.attempts.wait(address)
        if wait:
            return _too_many(wait)
        if right():
            self.attempts.succeeded(address)
            return None
        self.attempts.failed(address)
        return _WRONG


class Gate:
    """Refuses every request without the password, except for the log-in page."""

    def __init__(self, app: ASGIApp, keeper: Keeper) -> None:
        self._app = app
        self._keeper = keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it; who wants a page is sent to the log-in."""
        if scope["type"] == "lifespan" or scope["path"] == LOGIN:
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        refused = self._keeper.refusal(request)
        app = self._app if refused is None else _response(request, refused)
        await app(scope, receive, send)


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def _response(request: HTTPConnection, refused: Failure) -> Response:
    page = "text/html" in request.headers.get("accept", "")
    if refused is _NEEDED and page and request.scope["method"] == "GET":
        return RedirectResponse(LOGIN, 303, {"Cache-Control": "no-store"})
    return failure_response(refused)


def _too_many(wait: float) -> Failure:
    seconds = math.ceil(wait)
    told = f"Too many wrong passwords. Wait {seconds} s and try again."
    return Failure(429, "too_many_attempts", told, {"Retry-After": str(seconds)})
