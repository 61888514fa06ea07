"""The dense index: nearest chunks by cosine similarity, by Chroma. Derived from the store.

The only module that imports chromadb, and only when an index is opened: that takes seconds.

Measured with chromadb 1.5.9, embedded, two processes on one folder: a client keeps the vectors
that it loaded at its first query and never sees later ones; a filter that allows a later one
makes it fail ("Error finding id"); and opening writes to the folder, while querying does not.
`index.derived` therefore opens and changes an index only under a lock between processes, and
asks a reader's index only for what it can know.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from index.article import Filters, date_number, publisher_key
from index.embed import Matrix, Vector
from index.errors import HomeError, UsageError
from index.records import Hit, IndexRecord

if TYPE_CHECKING:
    from chromadb.api.client import Client

# ef_search is twice Chroma's default: a third of the misses on 6,000 vectors made to be hard
# (0.35% of chunks missed by their own vector instead of 1%), none on news either way; +0.3 ms.
SPACE: Any = {"hnsw": {"space": "cosine", "ef_search": 200}}


def check_address(url: str) -> None:
    """Raise UsageError unless a Chroma server can be at this address."""
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise UsageError(f"{url!r} is no server's address. Write it as http://localhost:8000.")


def _metadata(record: IndexRecord) -> dict[str, str | int]:
    """What filters look at; an unknown date is left out."""
    known: dict[str, str | int] = {"publisher": record.publisher, "since": record.since}
    if record.published is not None:
        known["published"] = record.published
    return known


def _where(filters: Filters | None, until: int | None) -> dict[str, Any] | None:
    """The filters in Chroma's language; with `until`, only what was ready by that version."""
    limits: list[dict[str, Any]] = []
    if filters and filters.publishers:
        limits.append({"publisher": {"$in": [publisher_key(n) for n in filters.publishers]}})
    if filters and filters.published_from:
        limits.append({"published": {"$gte": date_number(filters.published_from)}})
    if filters and filters.published_to:
        limits.append({"published": {"$lte": date_number(filters.published_to)}})
    if limits and until is not None:
        limits.append({"since": {"$lte": until}})
    if len(limits) > 1:
        return {"$and": limits}
    return limits[0] if limits else None


def _embedded(folder: Path) -> "Client":
    from chromadb import PersistentClient
    from chromadb.config import Settings

    return PersistentClient(str(folder), Settings(anonymized_telemetry=False))  # type: ignore[return-value]


def _server(url: str) -> "Client":
    from chromadb import HttpClient
    from chromadb.config import Settings

    address = urlsplit(url)
    secure = address.scheme == "https"
    return HttpClient(  # type: ignore[return-value]
        str(address.hostname),
        address.port or (443 if secure else 8000),
        secure,
        settings=Settings(anonymized_telemetry=False),
    )


@contextmanager
def _mapped(place: str, remedy: str) -> Iterator[None]:
    """Chroma raises errors of many unrelated classes, down to bare Exception."""
    try:
        yield
    except Exception as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise HomeError(f"The dense index {place} cannot be used ({reason}). {remedy}") from error


class Dense:
    """An open dense index: a collection in a folder of its own, or on a Chroma server."""

    def __init__(self, place: Path | str, name: str, *, home: Path, create: bool = False) -> None:
        """Open the collection `name` in the folder or at the address `place`.

        Raises HomeError when it is missing, or with `create` when it is there already.
        """
        self._place = str(place)
        self._remedy = f"Rebuild it with: dateline repair --home {home}"
        if isinstance(place, str):
            self._remedy = f"Check that the Chroma server runs. {self._remedy} --chroma-url {place}"
        with self._mapped():
            if isinstance(place, Path) and not create and not place.is_dir():
                raise FileNotFoundError("it is missing")
            self._client = _embedded(place) if isinstance(place, Path) else _server(place)
            try:
                self._collection = (
                    self._client.create_collection(
                        name, embedding_function=None, configuration=SPACE
                    )
                    if create
                    else self._client.get_collection(name, embedding_function=None)
                )
            except BaseException:
                self._client.close()
                raise

    def _mapped(self) -> Any:
        return _mapped(self._place, self._remedy)

    def load(self, dimension: int) -> None:
        """Read the vectors into memory, which else happens at the first query."""
        self.search_many(np.ones((1, dimension), dtype=np.float32), 1)

    def change(self, added: Sequence[IndexRecord], deleted: Sequence[str]) -> None:
        """Add new chunks and delete others; an id is never given another vector."""
        with self._mapped():
            size = self._client.get_max_batch_size()
            for first in range(0, len(deleted), size):
                self._collection.delete(ids=list(deleted[first : first + size]))
            for first in range(0, len(added), size):
                batch = added[first : first + size]
                self._collection.add(
                    ids=[record.chunk_id for record in batch],
                    embeddings=np.stack([record.vector for record in batch]),
                    metadatas=[_metadata(record) for record in batch],
                )

    def search(
        self,
        vector: Vector,
        top_k: int,
        filters: Filters | None = None,
        until: int | None = None,
    ) -> list[Hit]:
        """The nearest chunks by cosine similarity, best first."""
        return self.search_many(vector[None], top_k, _where(filters, until))[0]

    def search_many(
        self, vectors: Matrix, top_k: int, where: dict[str, Any] | None = None
    ) -> list[list[Hit]]:
        """The nearest chunks to each of some vectors (rows, dimension)."""
        with self._mapped():
            found = self._collection.query(
                query_embeddings=vectors, n_results=top_k, where=where, include=["distances"]
            )
        return [
            [Hit(chunk_id, 1.0 - float(distance)) for chunk_id, distance in zip(*row, strict=True)]
            for row in zip(found["ids"], found["distances"] or [], strict=True)
        ]

    def ids(self) -> set[str]:
        """The ids of all chunks in the index."""
        with self._mapped():
            return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """How many chunks the index says it holds; no proof that it finds them."""
        with self._mapped():
            return int(self._collection.count())

    def drop(self) -> None:
        """Delete the collection from its server."""
        with self._mapped():
            self._client.delete_collection(self._collection.name)

    def close(self) -> None:
        """Let the files or the connection go."""
        with self._mapped():
            self._client.close()
