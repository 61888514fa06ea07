"""An embedding with a meaning: it counts words, so tests can say what ranks first."""

from hashlib import blake2b

from index.words import terms

DIMENSION = 2048


class WordEmbedding:
    """A LlamaIndex embedding, as far as `index.embed` looks: each word stem has a dimension."""

    model_name = "counted-words"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text: how often each stem occurs, and a little of everything."""
        self.embedded += texts
        return [self.get_query_embedding(text) for text in texts]

    def get_query_embedding(self, text: str) -> list[float]:
        vector = [0.001] * DIMENSION
        for term in terms(text):
            digest = blake2b(term.encode(), digest_size=4).digest()
            vector[int.from_bytes(digest) % DIMENSION] += 1.0
        return vector
