"""Which embedder a spec names."""

from typing import TYPE_CHECKING

from index.embed import Embedder, LlamaIndexEmbedder
from index.errors import UsageError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

DEFAULT = "minilm"


def open_embedder(spec: "str | BaseEmbedding | None" = None) -> Embedder:
    """The embedder for a spec: None or "minilm" (bundled), a LlamaIndex embedding object, or
    "package.module:Class" for a LlamaIndex embedding class that needs no arguments.

    Raises UsageError for an unknown spec and ModelError when the model cannot be loaded.
    """
    if spec is None or spec == DEFAULT:
        from index.minilm import MiniLM

        return MiniLM()
    if not isinstance(spec, str):
        return LlamaIndexEmbedder(spec)
    return LlamaIndexEmbedder(_create(spec))


def _create(spec: str) -> "BaseEmbedding":
    found = _load_class(spec)
    try:
        return found()
    except Exception as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UsageError(
            f"The embedding {spec!r} cannot be opened without arguments ({reason}). "
            "Set it up in Python and pass the object to rag.connect."
        ) from error


def _load_class(spec: str) -> "type[BaseEmbedding]":
    import importlib

    from llama_index.core.base.embeddings.base import BaseEmbedding

    module, _, name = spec.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f"Unknown embedding {spec!r}. Use 'minilm' or 'package.module:Class' of an installed "
            f"LlamaIndex embedding ({error})."
        ) from error
    if not (isinstance(found, type) and issubclass(found, BaseEmbedding)):
        raise UsageError(f"{spec!r} is not a LlamaIndex embedding class.")
    return found
