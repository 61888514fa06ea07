"""Event loops that language models are asked in, each in a thread of its own."""

import asyncio
from contextlib import suppress
from functools import cache
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

CLOSING = 2.0  # seconds that connections have to close
_starting = Lock()


def loop_for(llm: "LLM") -> tuple[asyncio.AbstractEventLoop, bool]:
    """The loop to ask a model in, and whether it is to be stopped after the answer.

    All share one that lasts, since clients keep connections open that belong to their loop. A
    model that only has synchronous methods would hold that loop up, so it gets its own.
    """
    from llama_index.core.llms import CustomLLM

    if isinstance(llm, CustomLLM):
        return _running(), True
    with _starting:
        return _lasting(), False


@cache
def _lasting() -> asyncio.AbstractEventLoop:
    return _running()


def close(llm: "LLM") -> None:
    """Close the connections that a model's client keeps open, in the loop that they belong to."""
    client = getattr(llm, "_aclient", None)  # LlamaIndex has no method for it
    if client is None or not _lasting.cache_info().currsize:
        return
    closing = asyncio.run_coroutine_threadsafe(client.close(), _lasting())
    with suppress(Exception):  # what cannot be closed well is as good as closed
        closing.result(CLOSING)


def _running() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()

    def run() -> None:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    Thread(target=run, name="language model", daemon=True).start()
    return loop
