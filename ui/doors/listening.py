"""Work for a client only as long as it listens."""

from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from typing import TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Send

_Result = TypeVar("_Result")


class ClientLeft(Exception):
    """Nobody is there any more to be answered."""


async def while_listening(request: Request, work: Awaitable[_Result]) -> _Result:
    """The result of `work`, which is cancelled when the client goes away.

    Raises ClientLeft then; the body of the request must have been read before.
    """
    results: list[_Result] = []
    errors: list[Exception] = []
    async with anyio.create_task_group() as group:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(watch)
        try:
            results.append(await work)
        except Exception as error:  # noqa: BLE001  # raised below, outside the group
            errors.append(error)
        group.cancel_scope.cancel()
    if errors:
        raise errors[0]
    if not results:
        raise ClientLeft
    return results[0]


class EventStream(StreamingResponse):
    """Server-sent events; what makes them is closed as soon as the client goes away."""

    def __init__(self, messages: AsyncGenerator[bytes]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(messages, 200, headers, "text/event-stream")
        self._messages = messages

    async def stream_response(self, send: Send) -> None:
        """Send the messages as they come."""
        async with aclosing(self._messages):
            await super().stream_response(send)
