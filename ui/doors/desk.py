"""Where the interfaces get their answers: a few at a time, and a line of fixed length behind them.

The engine works in threads. Whoever leaves is dropped from the line at once; work that has begun
is closed at its next event, because a generator cannot be closed while it runs.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import anyio
from anyio import from_thread, to_thread
from anyio.streams.memory import MemoryObjectSendStream

from index.article import Filters
from index.errors import ServerBusy, ServerTimeout
from rag.answer import Answer, Event, Passage

if TYPE_CHECKING:
    from rag.engine import QueryEngine, Turn

AT_ONCE = 4  # questions answered at the same time; one already keeps a core busy
WAITING = 32  # questions waiting behind them before others are turned away
SECONDS = 600.0  # for one answer, waiting included; a language model gives up long before
RETRY_SECONDS = 2  # after which somebody who was turned away may ask again
_Told = MemoryObjectSendStream[Event | Exception]


class Desk:
    """Answers from one engine, for every interface of a server together."""

    def __init__(
        self,
        engine: "QueryEngine",
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        seconds: float = SECONDS,
    ) -> None:
        self.engine = engine
        self._places = anyio.CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._admitted = 0
        self._seconds = seconds
        self._tasks: set[asyncio.Task[None]] = set()  # keeps them alive

    async def events(
        self, question: str, history: "Sequence[Turn]" = (), filters: Filters | None = None
    ) -> AsyncGenerator[Event]:
        """The engine's events as they come; close it to stop the work.

        Raises ServerBusy at the first step when the line is full, ServerTimeout when the answer
        takes too long, and what the engine raises.
        """
        self._admit()
        sender, receiver = anyio.create_memory_object_stream[Event | Exception](math.inf)
        line = anyio.CancelScope()
        ask = partial(self.engine.stream, question, history, filters)
        task = asyncio.create_task(self._work(ask, sender, line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        end = anyio.current_time() + self._seconds
        try:
            while True:
                with _until(end):
                    event = await receiver.receive()
                if isinstance(event, Exception):
                    raise event
                yield event
                if isinstance(event, Answer):
                    return
        finally:
            receiver.close()  # ends work that has begun
            line.cancel()  # leaves the line

    async def answer(
        self, question: str, history: "Sequence[Turn]" = (), filters: Filters | None = None
    ) -> Answer:
        """The whole answer; raises as `events` does."""
        async with aclosing(self.events(question, history, filters)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    return event
        raise AssertionError("a stream ends with its answer")

    async def retrieve(
        self, question: str, top_k: int, filters: Filters | None = None
    ) -> list[Passage]:
        """The passages that best match a question, best first; raises as `events` does."""
        self._admit()
        find = partial(self.engine.retrieve, question, top_k, filters)
        try:
            with _until(anyio.current_time() + self._seconds):
                return await to_thread.run_sync(find, limiter=self._places)
        finally:
            self._admitted -= 1

    def _admit(self) -> None:
        if self._admitted >= self._most:
            raise ServerBusy("The server is busy with other questions. Ask again in a moment.")
        self._admitted += 1

    async def _work(
        self, ask: Callable[[], Iterator[Event]], sender: _Told, line: anyio.CancelScope
    ) -> None:
        """Answer in a thread when a place is free; errors are told like events."""
        try:
            with sender, line:
                try:
                    await to_thread.run_sync(_tell, ask, sender, limiter=self._places)
                except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                    return  # nobody listens any more
                except Exception as error:  # noqa: BLE001  # raised where the events are read
                    _tell_error(sender, error)
        finally:
            self._admitted -= 1


@contextmanager
def _until(end: float) -> Iterator[None]:
    """Raise ServerTimeout when the block is not done at `end`, in the event loop's time."""
    try:
        with anyio.fail_after(max(0.0, end - anyio.current_time())):
            yield
    except TimeoutError:
        raise ServerTimeout(
            "The answer took too long. Ask again later, or ask something simpler."
        ) from None


def _tell(ask: Callable[[], Iterator[Event]], sender: _Told) -> None:
    """Send on every event, from a thread; closes the engine's generator whatever happens."""
    events = ask()
    try:
        for event in events:
            from_thread.run_sync(sender.send_nowait, event)
    finally:
        if isinstance(events, Generator):
            events.close()


def _tell_error(sender: _Told, error: Exception) -> None:
    try:
        sender.send_nowait(error)
    except anyio.BrokenResourceError:
        return
