"""The embedder's seam: what a chunk's vectors are, and any LlamaIndex embedding behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.errors import ModelError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

Vector = NDArray[np.float32]  # (dimension,), length 1
Matrix = NDArray[np.float32]  # (rows, dimension), each row of length 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to embed, with the spans of its sentences in it."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """The vector of a whole passage and one for each of its sentences."""

    vector: Vector
    sentences: Matrix


class Embedder(Protocol):
    """Turns texts into unit vectors. `name` and `dimension` become part of the fingerprint."""

    name: str
    dimension: int
    chunk_tokens: int

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text as the model counts them."""
        ...

    def embed_passages(self, passages: Sequence[Passage]) -> list[Embedding]:
        """Vectors of passages and of their sentences, in the order given."""
        ...

    def embed_query(self, text: str) -> Vector:
        """The vector of a question."""
        ...


def unit(rows: Matrix) -> Matrix:
    """Scale each row to length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


class LlamaIndexEmbedder:
    """Any LlamaIndex embedding as an embedder; tokens are counted by tiktoken.

    Sentences are embedded one by one, since such a model gives no vectors for single tokens.
    """

    chunk_tokens = 200

    def __init__(self, model: "BaseEmbedding") -> None:
        self._model = model
        self.name = f"{type(model).__name__}:{model.model_name}"
        self.dimension = len(self.embed_query("dimension"))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens in the cl100k_base encoding, close to most models' own counts."""
        from index.tokens import count_tokens

        return [count_tokens(text) for text in texts]

    def _embed(self, texts: list[str]) -> Matrix:
        try:
            vectors = self._model.get_text_embedding_batch(texts)
        except Exception as error:
            raise _failing(self.name, error) from error
        return unit(np.asarray(vectors, dtype=np.float32))

    def embed_passages(self, passages: Sequence[Passage]) -> list[Embedding]:
        """Vectors of passages and of their sentences, in the order given."""
        texts = [passage.text for passage in passages]
        for passage in passages:
            texts += [passage.text[s.start : s.end] for s in passage.sentences]
        if not texts:
            return []
        rows = self._embed(texts)
        found, first = [], len(passages)
        for number, passage in enumerate(passages):
            last = first + len(passage.sentences)
            found.append(Embedding(rows[number], rows[first:last]))
            first = last
        return found

    def embed_query(self, text: str) -> Vector:
        """The vector of a question, by the model's own query encoding."""
        try:
            vector = self._model.get_query_embedding(text)
        except Exception as error:
            raise _failing(self.name, error) from error
        return unit(np.asarray(vector, dtype=np.float32))


def _failing(name: str, error: Exception) -> ModelError:
    reason = str(error).partition("\n")[0] or type(error).__name__
    return ModelError(f"The embedding model {name} failed: {reason}. Check its settings.")
