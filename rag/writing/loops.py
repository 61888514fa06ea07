"""Event loops that language models are asked in, each in a thread of its own."""

import asyncio
from functools import cache
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

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


def _running() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()

    def run() -> None:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    Thread(target=run, name="language model", daemon=True).start()
    return loop
