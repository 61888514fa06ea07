"""Limits on what is sent to the server: how much, and how long it may take."""

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.doors.failures import Failure, failure_response

MOST_BYTES = 1_000_000  # of a request; fifty turns of a conversation need a tenth of it
MOST_UPLOADED = 64_000_000  # bytes of files in one request
_UPLOAD = "/gradio_api/upload"
_SECONDS = 30.0  # in which a request must have come whole; files may take longer

_SLOW = Failure(408, "too_slow", "The request did not come whole in time. Send it again.")
_UNKNOWN = Failure(411, "length_required", "Say the length of the files: send Content-Length.")
_MALFORMED = Failure(400, "bad_length", "Content-Length is no number.")


class BodyLimit:
    """Refuses a request that is too large or too slow before anything else sees it.

    Bodies are small and read whole here; only files pass as they come, by their stated length, to
    which the server holds the sender.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length")
        upload = scope["path"].startswith(_UPLOAD)
        refused = _refusal(stated, upload)
        if refused is None and not upload:
            whole = await _read(receive)
            if isinstance(whole, Failure):
                refused = whole
            else:
                receive = _replay(whole, receive)
        if refused:
            await failure_response(refused)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _has_body(headers: Headers) -> bool:
    return "content-length" in headers or "transfer-encoding" in headers


def _refusal(stated: str | None, upload: bool) -> Failure | None:
    """What is wrong with a request by its head alone."""
    if stated is None:
        return _UNKNOWN if upload else None
    if not (stated.isascii() and stated.isdigit()):
        return _MALFORMED
    most = MOST_UPLOADED if upload else MOST_BYTES
    return _too_large(most) if int(stated) > most else None


def _too_large(most: int) -> Failure:
    return Failure(413, "too_large", f"The request is too large: {most:,} bytes are the most.")


async def _read(receive: Receive) -> bytes | Failure | None:
    """The whole body; None when the client went away while sending it."""
    body = bytearray()
    with anyio.move_on_after(_SECONDS):
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > MOST_BYTES:
                return _too_large(MOST_BYTES)
            if not message.get("more_body", False):
                return bytes(body)
    return _SLOW


def _replay(body: bytes | None, receive: Receive) -> Receive:
    """A `receive` that gives the body first, then what the server has to say."""
    first: Message | None = {"type": "http.request", "body": body, "more_body": False}
    if body is None:
        first = {"type": "http.disconnect"}

    async def replayed() -> Message:
        nonlocal first
        if first is None:
            return await receive()
        message, first = first, None
        return message

    return replayed
