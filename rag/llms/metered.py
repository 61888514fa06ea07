"""A language model that is counted and that fails in one way only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llama_index.core.llms import (
    LLM,
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)
from pydantic import PrivateAttr

from index.errors import LLMError
from rag.llms.failure import llm_failure
from rag.llms.usage import Usage, usage_of


class MeteredLLM(CustomLLM):
    """Passes everything on to another model, adds up what its answers used, and raises LLMError
    for whatever that model's library raises. Asynchronous callers are served synchronously, so
    no connection outlives its event loop.
    """

    _inner: LLM = PrivateAttr()
    _name: str = PrivateAttr()
    _usage: Usage = PrivateAttr(default_factory=Usage)

    def __init__(self, inner: LLM, name: str) -> None:
        super().__init__()
        self._inner = inner
        self._name = name

    @property
    def metadata(self) -> LLMMetadata:
        """The inner model's."""
        return self._inner.metadata

    def take_usage(self) -> Usage:
        """What was used since this was last called."""
        taken, self._usage = self._usage, Usage()
        return taken

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """One answer to messages. Raises LLMError."""
        with self._failing():
            response = self._inner.chat(messages, **kwargs)
        self._usage += usage_of(response.raw)
        return response

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """One completion of a prompt. Raises LLMError."""
        with self._failing():
            response = self._inner.complete(prompt, formatted, **kwargs)
        self._usage += usage_of(response.raw)
        return response

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        """A completion as it comes; only its last part tells what it used. Raises LLMError."""
        raw = None
        with self._failing():
            for part in self._inner.stream_complete(prompt, formatted, **kwargs):
                raw = part.raw
                yield part
        self._usage += usage_of(raw)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except LLMError:
            raise
        except Exception as error:  # each library has errors of its own
            raise llm_failure(self._name, error) from error
