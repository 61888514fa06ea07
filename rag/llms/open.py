"""Open the language model that a spec names.

`openai/MODEL`, `ollama/MODEL`, or the address of any OpenAI-compatible server with the model's
name behind it, http://host:port/v1#MODEL; `anthropic/MODEL` and `google/MODEL` are extras.
LlamaIndex and openai take seconds to import, so they are imported on use.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import LLMError
from rag.llms.extras import EXTRAS, key_missing, open_extra
from rag.llms.failure import failure_line
from rag.llms.options import VARIABLES, LLMOptions

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

KEY = VARIABLES["openai"]
_PROVIDERS = {"openai": "https://api.openai.com/v1", "ollama": "http://127.0.0.1:11434/v1"}
_FORMS = "openai/MODEL, anthropic/MODEL, google/MODEL, ollama/MODEL or http://host:port/v1#MODEL"
_RETRIES = 3  # after a failure that may pass, 3.5 s of pauses in all or as long as the server says
_CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked: the address of an OpenAI-compatible API and the model's name.

    The address is "" for a provider that has a library of its own.
    """

    provider: str | None
    address: str
    model: str


def parse_spec(spec: str) -> Endpoint:
    """Read a spec without opening anything. Raises LLMError for one that names no model."""
    spec = spec.strip()
    if spec.lower().startswith(("http://", "https://")):
        return _parse_address(spec)
    provider, _, model = spec.partition("/")
    if provider not in {*_PROVIDERS, *EXTRAS} or not model.strip():
        raise LLMError(f"{spec!r} names no language model. Write {_FORMS}.")
    return Endpoint(provider, _PROVIDERS.get(provider, ""), model.strip())


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


def open_llm(spec: str, options: LLMOptions | None = None) -> "LLM":
    """The chat model that a spec names, as a LlamaIndex LLM; it is asked nothing yet.

    `options` None means those of the environment. Raises LLMError for a spec that names no model,
    a key that is missing and a provider that is not installed.
    """
    endpoint = parse_spec(spec)
    options = options or LLMOptions.from_environment()
    if endpoint.provider in EXTRAS:
        return open_extra(endpoint.provider, endpoint.model, options)
    return _open_compatible(endpoint, options)


def _open_compatible(endpoint: Endpoint, options: LLMOptions) -> "LLM":
    """A model behind OpenAI's API, whoever serves it."""
    key = _key(endpoint, options)
    from httpx import Limits
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAI, Timeout

    timeout = Timeout(options.seconds, connect=min(_CONNECT_SECONDS, options.seconds))
    address, model = endpoint.address, endpoint.model
    try:
        opened: LLM = OpenAILike(
            model=model,
            api_base=address,
            api_key="-",  # the real one is in the clients alone, where nothing prints it
            context_window=options.context or _context_window(endpoint, key),
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
        raise LLMError(
            f"{model!r} cannot be used: {failure_line(error)} Choose another one."
        ) from None
    return opened


def _key(endpoint: Endpoint, options: LLMOptions) -> str:
    """The key to send. Ollama takes none, and other servers may do without."""
    if endpoint.provider == "ollama":
        return "-"
    key = options.key("openai")
    if endpoint.provider == "openai" and not key:
        raise key_missing("openai", endpoint.model)
    return key or "-"


def _context_window(endpoint: Endpoint, key: str) -> int:
    """Tokens that a model takes: as its server says, as is known, or a careful guess."""
    from llama_index.llms.openai.utils import openai_modelname_to_contextsize

    from rag.llms.servers import CAREFUL_CONTEXT, context_of, ollama_context_of

    if endpoint.provider == "ollama":
        told = ollama_context_of(endpoint.address, endpoint.model)
    elif endpoint.provider is None:
        told = context_of(endpoint.address, endpoint.model, "" if key == "-" else key)
    else:
        told = None
    try:
        return told or openai_modelname_to_contextsize(endpoint.model)
    except ValueError:
        return CAREFUL_CONTEXT


def time_limit() -> float:
    """Seconds that a model may stay silent before it is given up."""
    return LLMOptions.from_environment().seconds
