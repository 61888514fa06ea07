"""The words of a language model as they come, in a way that can be stopped at once."""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import aclosing, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from anyio import CancelScope, fail_after

from index.errors import LLMError
from rag.llms.failure import llm_failure
from rag.llms.usage import Usage, usage_of
from rag.writing.loops import loop_for

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

BEAT = 0.2  # seconds after which the reader of a silent stream is given a turn
STOPPING = 1.0  # seconds that a stopped request has to close its connection
_END = object()


class Stream:
    """One answer of a model, read beside the program: a request under way can be dropped,
    connection and all, whatever it waits for.

    `usage` is what the provider told by the end.
    """

    def __init__(
        self, llm: "LLM", name: str, messages: "Sequence[ChatMessage]", seconds: float
    ) -> None:
        self.usage = Usage()
        self._llm, self._name, self._messages, self._seconds = llm, name, messages, seconds
        self._told: SimpleQueue[Any] = SimpleQueue()
        self._scope: CancelScope | None = None
        self._ended = False

    def __iter__(self) -> Generator[str, None, None]:
        """Pieces of text; an empty one every BEAT while nothing comes. Raises LLMError.

        Closing the iterator drops the request.
        """
        loop, ends = loop_for(self._llm)
        asyncio.run_coroutine_threadsafe(self._run(), loop)
        try:
            while (told := self._next()) is not _END:
                if isinstance(told, LLMError):
                    raise told
                yield told
        finally:
            self._stop(loop)
            if ends:
                loop.call_soon_threadsafe(loop.stop)

    def _next(self) -> Any:
        try:
            return self._told.get(timeout=BEAT)
        except Empty:
            return ""

    def _stop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Drop the request if it is still under way, and wait until its connection is closed."""
        loop.call_soon_threadsafe(self._drop)
        with suppress(Empty):
            while not self._ended:
                self._told.get(timeout=STOPPING)

    def _drop(self) -> None:
        if self._scope is not None:
            self._scope.cancel()

    async def _run(self) -> None:
        try:
            # Unlike a task's own cancelling, a scope's lets what closes a connection finish.
            with CancelScope() as self._scope:
                await self._read()
        except Exception as error:  # noqa: BLE001  # each library has errors of its own
            known = isinstance(error, LLMError)
            self._told.put(error if known else llm_failure(self._name, error))
        finally:
            self._ended = True
            self._told.put(_END)

    async def _read(self) -> None:
        raw = None
        pieces = await self._in_time(self._llm.astream_chat(self._messages, **self._options()))
        async with aclosing(pieces):
            while True:
                try:
                    part = await self._in_time(anext(pieces))
                except StopAsyncIteration:
                    break
                raw = part.raw or raw
                if part.delta:
                    self._told.put(part.delta)
        self.usage = usage_of(raw)

    async def _in_time(self, awaited: Any) -> Any:
        try:
            with fail_after(self._seconds):
                return await awaited
        except TimeoutError:
            raise LLMError(
                f"The language model {self._name} said nothing for {self._seconds:g} s. "
                "Try again later, or allow it more with DATELINE_LLM_TIMEOUT."
            ) from None

    def _options(self) -> dict[str, Any]:
        """OpenAI's API tells what was used only where a stream asks for it."""
        told = type(self._llm).__name__ == "OpenAILike"
        return {"stream_options": {"include_usage": True}} if told else {}
