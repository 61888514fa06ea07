"""What is compared: something that takes articles in and finds passages."""

from pathlib import Path
from typing import Protocol

from rag.engine import QueryEngine
from rag.evaluation.locate import Place


class Peer(Protocol):
    """One way to retrieve. `top_k` passages are what it hands over to whatever answers.

    It may build on what another one, its `base`, has ingested.
    """

    name: str
    chunking: str
    top_k: int
    base: "Peer | None"

    def ingest(self) -> None:
        """Take all articles in, until they are on disk."""
        ...

    def search(self, question: str, depth: int) -> list[Place]:
        """The places of the passages found, best first."""
        ...

    def chunk_count(self) -> int:
        """How many chunks it searches."""
        ...

    def size(self) -> int:
        """Bytes on disk."""
        ...


class Dateline:
    """The product, from files: it also reads, cleans and dates them, and flushes to disk."""

    name = "Dateline"
    chunking = "200, none"
    top_k = 5
    base = None

    def __init__(self, engine: QueryEngine, files: Path) -> None:
        self._engine = engine
        self._files = files

    def ingest(self) -> None:
        """Ingest the files; every one must come in."""
        failed = self._engine.ingest([self._files]).failed
        if failed:
            raise RuntimeError(f"{len(failed)} articles failed, the first: {failed[0]}")

    def search(self, question: str, depth: int) -> list[Place]:
        """The places of the passages found, best first."""
        found = self._engine.retrieve(question, depth)
        return [Place(each.article.id, each.start, each.end) for each in found]

    def chunk_count(self) -> int:
        """How many chunks it searches."""
        return self._engine.status().chunks

    def size(self) -> int:
        """Bytes on disk: the truth and both indexes."""
        status = self._engine.status()
        return status.truth_bytes + status.dense_bytes + status.keyword_bytes
