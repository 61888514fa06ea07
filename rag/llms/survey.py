"""Which language models are at hand: the configured one, installed providers, local servers."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

from index.errors import LLMError
from rag.llms.extras import EXTRAS, extra_missing, key_missing
from rag.llms.open import Endpoint, parse_spec
from rag.llms.options import VARIABLES, LLMOptions
from rag.llms.servers import served_models

LOCAL = {
    "Ollama": "http://127.0.0.1:11434/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
    "vLLM": "http://127.0.0.1:8000/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
}  # where each listens unless told otherwise


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider; `key` says where its key comes from, None where there is none."""

    name: str
    installed: bool
    key: str | None


@dataclass(frozen=True, slots=True)
class Server:
    """A server of this machine; `models` is None where none answers."""

    name: str
    address: str
    models: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. `problem` says what keeps the configured model, None where nothing does."""

    problem: str | None
    providers: tuple[Provider, ...]
    servers: tuple[Server, ...]


def survey(spec: str | None, options: LLMOptions) -> Survey:
    """Look at everything at once; takes hardly longer than one server has to answer.

    `spec` is the configured model, None where answers quote. Providers' services are not asked.
    """
    with ThreadPoolExecutor(len(LOCAL) + 1) as threads:
        problem = threads.submit(_problem, spec, options) if spec else None
        servers = threads.map(_server, LOCAL, LOCAL.values())
        providers = tuple(_provider(name, options) for name in VARIABLES)
        return Survey(problem.result() if problem else None, providers, tuple(servers))


def _server(name: str, address: str) -> Server:
    models = served_models(address)
    return Server(name, address, None if models is None else tuple(one.name for one in models))


def _provider(name: str, options: LLMOptions) -> Provider:
    variable = VARIABLES[name]
    kept = "the settings file" if name in options.keys else None
    key = variable if os.environ.get(variable, "").strip() else kept
    return Provider(name, name not in EXTRAS or _is_installed(EXTRAS[name]), key)


def _is_installed(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def _problem(spec: str, options: LLMOptions) -> str | None:
    """Why the configured model cannot be used; None where nothing is seen to be wrong."""
    try:
        endpoint = parse_spec(spec)
        if endpoint.provider in VARIABLES:
            return _unready(endpoint.provider, endpoint.model, options)
        return _unserved(endpoint, options.key("openai") if endpoint.provider is None else "")
    except LLMError as error:
        return str(error)


def _unready(provider: str, model: str, options: LLMOptions) -> str | None:
    if not options.key(provider):
        return str(key_missing(provider, model))
    if provider in EXTRAS and not _is_installed(EXTRAS[provider]):
        return str(extra_missing(provider, model))
    return None


def _unserved(endpoint: Endpoint, key: str) -> str | None:
    served = served_models(endpoint.address, key)
    if served is None:
        return f"{endpoint.address} does not answer. Start its server, or check the address."
    names = {one.name for one in served}
    wanted = {endpoint.model, f"{endpoint.model}:latest"}  # Ollama leaves the tag out
    if names and not names & wanted and not (endpoint.provider is None and len(names) == 1):
        known = ", ".join(sorted(names)[:5])
        return f"{endpoint.address} has no model {endpoint.model}. It has: {known}"
    return None
