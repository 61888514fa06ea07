"""Providers that have a LlamaIndex package of their own, installed as an extra."""

from typing import TYPE_CHECKING

from index.errors import LLMError
from rag.llms.options import VARIABLES, LLMOptions

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

EXTRAS = {
    "anthropic": "llama-index-llms-anthropic",
    "google": "llama-index-llms-google-genai",
}  # each provider's distribution
_CLAUDE_CONTEXT = 200_000  # tokens; no Claude since version 2.1 takes less
_GOOGLE_CONTEXT = 32_768  # the least of the models that Google serves
_RETRIES = 3
_ANSWER = 4096  # tokens; both providers have to be told


def open_extra(provider: str, model: str, options: LLMOptions) -> "LLM":
    """A provider's model as a LlamaIndex LLM. Raises LLMError without its extra or its key."""
    key = options.key(provider)
    if not key:
        raise key_missing(provider, model)
    try:
        if provider == "anthropic":
            return _anthropic(model, key, options)
        return _google(model, key, options)
    except ImportError:
        raise extra_missing(provider, model) from None


def key_missing(provider: str, model: str) -> LLMError:
    """The error for a provider without a key."""
    return LLMError(f"{provider}/{model} needs a key. Set {VARIABLES[provider]}.")


def extra_missing(provider: str, model: str) -> LLMError:
    """The error for a provider that is not installed."""
    remedy = f"pip install 'dateline[{provider}]'"
    return LLMError(f"{provider}/{model} needs an extra. Install it: {remedy}")


def _anthropic(model: str, key: str, options: LLMOptions) -> "LLM":
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient
    from httpx import Limits
    from llama_index.core.llms import LLMMetadata
    from llama_index.llms.anthropic import Anthropic

    context = options.context or _CLAUDE_CONTEXT

    class Claude(Anthropic):  # type: ignore[misc]  # the extra may be absent
        """Anthropic's refuses every model that is newer than its table."""

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(
                context_window=context,
                num_output=self.max_tokens,
                is_chat_model=True,
                model_name=self.model,
            )

    opened: LLM = Claude(
        model=model,
        api_key=key,
        temperature=0.0,
        max_tokens=_ANSWER,
        max_retries=_RETRIES,
        timeout=options.seconds,
    )
    opened._aclient = AsyncAnthropic(  # type: ignore[attr-defined]
        api_key=key,
        max_retries=_RETRIES,
        timeout=options.seconds,
        # Each answer is read in an event loop of its own, which no connection outlives.
        http_client=DefaultAsyncHttpxClient(limits=Limits(max_keepalive_connections=0)),
    )
    return opened


def _google(model: str, key: str, options: LLMOptions) -> "LLM":
    from google.genai.types import HttpOptions
    from llama_index.llms.google_genai import GoogleGenAI

    opened: LLM = GoogleGenAI(
        model=model,
        api_key=key,
        max_tokens=_ANSWER,  # this and the context, or it asks Google while it is opened
        context_window=options.context or _GOOGLE_CONTEXT,
        http_options=HttpOptions(timeout=round(options.seconds * 1000)),
    )
    return opened
