"""What a server of language models says about itself: its models and how much they take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, loads
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx

CAREFUL_CONTEXT = 4096  # tokens; what llama.cpp and Ollama long gave where nobody said otherwise
PROBE_SECONDS = 1.0
_MOST_BYTES = 8_000_000  # of one answer; the longest list known is some 500 kB
_MOST_MODELS = 1000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Served:
    """A model that a server offers; `context` in tokens, None where it does not say."""

    name: str
    context: int | None


def served_models(address: str, key: str = "") -> tuple[Served, ...] | None:
    """The models of an OpenAI-compatible server, None where none answers in PROBE_SECONDS."""
    told = _asked("GET", f"{address.rstrip('/')}/models", key)
    if not isinstance(told, Mapping) or not isinstance(told.get("data"), list):
        return None
    models = [each for each in told["data"][:_MOST_MODELS] if isinstance(each, Mapping)]
    return tuple(Served(each["id"], _context(each)) for each in models if _is_name(each.get("id")))


def context_of(address: str, model: str, key: str = "") -> int | None:
    """The tokens that a server's model takes, None where the server does not say."""
    models = served_models(address, key) or ()
    named = next((each for each in models if each.name == model), None)
    if named is None and len(models) == 1:  # llama.cpp serves its one model under any name
        named = models[0]
    return named.context if named else None


def ollama_context_of(address: str, model: str) -> int | None:
    """The tokens that Ollama gives a model: as it runs now, or as it is set up.

    What a model could take at most says little: Ollama cuts what is longer than it was told.
    """
    root = address.rstrip("/").removesuffix("/v1")
    running = _asked("GET", f"{root}/api/ps")
    for each in _rows(running, "models"):
        if model in {each.get("name"), each.get("model")} and (
            size := _size(each, "context_length")
        ):
            return size
    shown = _asked("POST", f"{root}/api/show", json={"model": model})
    if not isinstance(shown, Mapping):
        return None
    if set_up := _parameter(shown.get("parameters")):
        return set_up
    known = shown.get("model_info")
    sizes = (
        [_size(known, name) for name in known if str(name).endswith(".context_length")]
        if isinstance(known, Mapping)
        else []
    )
    return min([CAREFUL_CONTEXT, *(size for size in sizes if size)])


def _parameter(told: object) -> int | None:
    """num_ctx among the lines "name  value" of a model file."""
    for line in told.splitlines() if isinstance(told, str) else ():
        name, _, value = line.partition(" ")
        if name == "num_ctx" and value.strip().isdecimal():
            return int(value)
    return None


def _context(model: Mapping[str, Any]) -> int | None:
    """vLLM, LM Studio and OpenRouter say it beside the name, llama.cpp under "meta"."""
    for name in ("max_model_len", "loaded_context_length", "context_length"):
        if size := _size(model, name):
            return size
    meta = model.get("meta")
    if not isinstance(meta, Mapping):
        return None
    if size := _size(meta, "n_ctx"):
        return size
    trained = _size(meta, "n_ctx_train")  # what it could take; it may be run with less
    return min(trained, CAREFUL_CONTEXT) if trained else None


def _size(of: Mapping[str, Any], name: str) -> int | None:
    value = of.get(name)
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9
    return value if usable else None


def _rows(told: object, name: str) -> Iterable[Mapping[str, Any]]:
    rows = told.get(name) if isinstance(told, Mapping) else None
    return [each for each in rows if isinstance(each, Mapping)] if isinstance(rows, list) else []


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _asked(method: str, address: str, key: str = "", json: object = None) -> Any:
    """The JSON that an address answers; None for any failure, whatever its kind."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    deadline = monotonic() + PROBE_SECONDS
    body = bytearray()
    try:
        with httpx.stream(
            method,
            address,
            headers=headers,
            json=json,
            timeout=PROBE_SECONDS,
            trust_env=urlsplit(address).hostname not in _LOOPBACK,  # no proxy leads there
        ) as response:
            if response.status_code != httpx.codes.OK:
                return None
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _MOST_BYTES or monotonic() > deadline:
                    return None
        return loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, JSONDecodeError, UnicodeDecodeError, RecursionError):
        return None
