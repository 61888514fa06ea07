"""The words of a language model as they come, in a way that can be stopped at once."""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import aclosing, suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from index.errors import LLMError
from rag.llm_failure import llm_failure
from rag.usage import Usage, usage_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

BEAT = 0.2  # seconds after which the reader of a silent stream is given a turn
ENDING = 0.05  # seconds that a stream which is not waiting has to end by itself
STOPPING = 1.0  # seconds that a stopped request has to close its connection
_END = object()


class Stream:
    """One answer of a model, read in a thread of its own.

    Its event loop lets a request under way be dropped, connection and all, whatever it waits for.
    `usage` is what the provider told by the end.
    """

    def __init__(
        self, llm: "LLM", name: str, messages: "Sequence[ChatMessage]", seconds: float
    ) -> None:
        self.usage = Usage()
        self._llm, self._name, self._messages, self._seconds = llm, name, messages, seconds
        self._told: SimpleQueue[Any] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False
        self._thread = Thread(target=self._run, name="language model", daemon=True)

    def __iter__(self) -> Generator[str, None, None]:
        """Pieces of text; an empty one every BEAT while nothing comes. Raises LLMError.

        Closing the iterator drops the request.
        """
        self._thread.start()
        try:
            while (told := self._next()) is not _END:
                if isinstance(told, LLMError):
                    raise told
                yield told
        finally:
            self._stop()

    def _next(self) -> Any:
        try:
            return self._told.get(timeout=BEAT)
        except Empty:
            return ""

    def _stop(self) -> None:
        # A stream that is just ending closes its connection itself; cancelling that would leave
        # the connection open.
        self._stopped = True
        self._thread.join(ENDING)
        with suppress(RuntimeError):  # the loop has just been closed
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join(STOPPING)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _run(self) -> None:
        try:
            self._task = self._loop.create_task(self._read())
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001  # each library has errors of its own
            known = isinstance(error, LLMError)
            self._told.put(error if known else llm_failure(self._name, error))
        finally:
            self._told.put(_END)
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(asyncio.sleep(0))  # sockets close in the next turn
            self._loop.close()

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
                if self._stopped:
                    break
                if part.delta:
                    self._told.put(part.delta)
        self.usage = usage_of(raw)

    async def _in_time(self, awaited: Any) -> Any:
        try:
            async with asyncio.timeout(self._seconds):
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
