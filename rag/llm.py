"""Open the language model that a spec names.

`openai/MODEL`, `ollama/MODEL`, or the address of any OpenAI-compatible server with the model's
name behind it, http://host:port/v1#MODEL. The key comes from OPENAI_API_KEY and is never shown.
LlamaIndex and openai take seconds to import, so they are imported on use.
"""

import os
from dataclasses import dataclass
from json import JSONDecodeError
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import LLMError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

KEY = "OPENAI_API_KEY"
_PROVIDERS = {"openai": "https://api.openai.com/v1", "ollama": "http://127.0.0.1:11434/v1"}
_FORMS = "openai/MODEL, ollama/MODEL or http://host:port/v1#MODEL"
_RETRIES = 3  # after a failure that may pass, 3.5 s of pauses in all or as long as the server says
_SECONDS = 120.0  # for one answer
_CONNECT_SECONDS = 5.0
_LONGEST = 200  # characters of what a server says that an error repeats


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked: the address of an OpenAI-compatible API and the model's name."""

    provider: str | None
    address: str
    model: str


def parse_spec(spec: str) -> Endpoint:
    """Read a spec without opening anything. Raises LLMError for one that names no model."""
    spec = spec.strip()
    if spec.lower().startswith(("http://", "https://")):
        return _parse_address(spec)
    provider, _, model = spec.partition("/")
    if provider not in _PROVIDERS or not model.strip():
        raise LLMError(f"{spec!r} names no language model. Write {_FORMS}.")
    return Endpoint(provider, _PROVIDERS[provider], model.strip())


def _parse_address(spec: str) -> Endpoint:
    try:
        parts = urlsplit(spec)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        usable = False
    if not usable:
        raise LLMError("That is no address of a language model. Write http://host:port/v1#MODEL.")
    if parts.username is not None or parts.password is not None or parts.query:
        raise LLMError(f"An address must not hold a key. Leave it out and set {KEY}.")
    address = spec.partition("#")[0]
    if not parts.fragment.strip():
        raise LLMError(f"{address} does not say which model. Write its name: {address}#MODEL")
    return Endpoint(None, address, parts.fragment.strip())


def open_llm(spec: str) -> "LLM":
    """The chat model that a spec names, as a LlamaIndex LLM; nothing is sent yet.

    Raises LLMError for a spec that names no model and for a key that is missing.
    """
    endpoint = parse_spec(spec)
    key = _key(endpoint)
    from httpx import Limits
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAI, Timeout

    timeout = Timeout(_SECONDS, connect=_CONNECT_SECONDS)
    address, model = endpoint.address, endpoint.model
    try:
        opened: LLM = OpenAILike(
            model=model,
            api_base=address,
            api_key="-",  # the real one is in the clients alone, where nothing prints it
            context_window=_context_window(model),
            is_chat_model=True,
            temperature=0.0,
            max_retries=0,  # the clients do that
            openai_client=OpenAI(
                base_url=address, api_key=key, max_retries=_RETRIES, timeout=timeout
            ),
            async_openai_client=AsyncOpenAI(
                base_url=address,
                api_key=key,
                max_retries=_RETRIES,
                timeout=timeout,
                # Each answer is read in an event loop of its own, which no connection outlives.
                http_client=DefaultAsyncHttpxClient(limits=Limits(max_keepalive_connections=0)),
            ),
        )
    except ValueError as error:  # a model that chats by another API
        raise LLMError(f"{model!r} cannot be used: {_line(error)} Choose another one.") from None
    return opened


def _key(endpoint: Endpoint) -> str:
    """The key to send. Ollama takes none, and other servers may do without."""
    key = os.environ.get(KEY, "").strip()
    if endpoint.provider == "ollama":
        return "-"
    if endpoint.provider == "openai" and not key:
        raise LLMError(f"openai/{endpoint.model} needs a key. Set {KEY}.")
    if not (key.isascii() and key.isprintable()):
        raise LLMError(f"{KEY} holds characters that no key has. Set it again.")
    return key or "-"


def _context_window(model: str) -> int:
    """Tokens that a model takes, LlamaIndex's cautious 3,900 for one that it does not know."""
    from llama_index.core.constants import DEFAULT_CONTEXT_WINDOW
    from llama_index.llms.openai.utils import openai_modelname_to_contextsize

    try:
        return openai_modelname_to_contextsize(model)
    except ValueError:
        return DEFAULT_CONTEXT_WINDOW


def time_limit() -> float:
    """Seconds that a model may stay silent before it is given up."""
    return _SECONDS


def llm_failure(name: str, error: Exception) -> LLMError:
    """What a model's library raised, as one line that names the remedy and never the key."""
    import openai

    told = f"The language model {name}"
    match error:
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return LLMError(f"{told} refuses the key. Set {KEY} to one that it takes.")
        case openai.NotFoundError():
            return LLMError(f"{told} is not there. Check the model's name and the address.")
        case openai.RateLimitError():
            return LLMError(f"{told} takes no more requests ({_line(error)}). Wait and try again.")
        case openai.APITimeoutError():
            return LLMError(f"{told} gave no answer in {_SECONDS:.0f} s. Try again later.")
        case openai.APIConnectionError():
            return LLMError(f"{told} cannot be reached. Start its server, or check the address.")
        case openai.APIStatusError():
            return LLMError(f"{told} failed ({_line(error)}). Try again, or check its server.")
        case (
            openai.APIResponseValidationError()
            | JSONDecodeError()
            | UnicodeDecodeError()
            | TypeError()
            | (AttributeError() | LookupError())
        ):
            return LLMError(
                f"{told} answers in another form than OpenAI's API ({type(error).__name__}). "
                "Check the address: it mostly ends in /v1."
            )
        case _:
            return LLMError(f"{told} failed ({type(error).__name__}: {_line(error)}). Try again.")


def _line(error: Exception) -> str:
    """What an error says, on one line, short and without the key."""
    key = os.environ.get(KEY, "").strip()
    body = getattr(error, "body", None)  # of openai's errors: what the server sent
    told = body.get("message") if isinstance(body, dict) else None
    line = " ".join(str(told or error).split())
    line = line.replace(key, "…") if key else line
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " …"
