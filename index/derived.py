"""The two indexes derived from the truth: opened when first searched, kept in step, shared.

Readers need no leave of the writer. A reader's Chroma client knows only what it loaded, so a
reader searches the chunks that came later exactly, by their vectors in the truth, and loads
the index anew when those have become many.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

import numpy as np
from filelock import FileLock, Timeout

from index.article import Filters
from index.dense import Dense
from index.embed import Matrix, Vector
from index.errors import HomeBusy, HomeError
from index.keyword import Keyword
from index.records import Hit, IndexRecord
from index.store import Store

# Up to so many chunks are compared one by one: exact, and without importing chromadb.
EXACT_CHUNKS = 2000
OVERFETCH = 8  # hits beyond those asked for, since a few may not be ready
LOCK_SECONDS = 60  # opening an index of 250,000 chunks takes a few


def nearest(ids: Sequence[str], vectors: Matrix, vector: Vector, top_k: int) -> list[Hit]:
    """The rows most similar to a unit vector, exactly, best first."""
    if not ids:
        return []
    scores = vectors @ vector
    best = np.argsort(-scores, kind="stable")[:top_k]
    return [Hit(ids[row], float(scores[row])) for row in best]


class Derived:
    """The indexes of one home, for reading or, with `writing`, for this process alone to change."""

    def __init__(
        self, home: Path, store: Store, server: str | None, *, writing: bool = False
    ) -> None:
        self._home = home
        self._store = store
        self._server = server
        self._writing = writing
        self._lock = FileLock(home / "dense.lock", timeout=LOCK_SECONDS, thread_local=False)
        self._guard = RLock()  # one search or change at a time: each takes milliseconds
        self._generation = store.meta("generation")
        self._dense: Dense | None = None
        self._horizon = 0  # the version up to which a reader's dense index knows all chunks
        self._keyword: Keyword | None = None
        self._keyword_version = -1
        self._kept: tuple[object, tuple[list[str], Matrix]] | None = None

    @property
    def server(self) -> str:
        """The address of the Chroma server; empty where the dense index is in the home."""
        return self._server or ""

    # Opening

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other processes from opening or changing the dense index meanwhile."""
        if self._server is not None:
            yield
            return
        try:
            with self._lock:
                yield
        except Timeout as error:
            raise HomeBusy(f"The dense index in {self._home} is in use. Try again.") from error

    def _open_dense(self, generation: str, *, create: bool = False) -> Dense:
        name = f"dateline-{self._store.meta('home')}-{generation}"
        place = self._server or self._home / f"dense-{generation}"
        return Dense(place, name, home=self._home, create=create)

    def _open_keyword(self, generation: str, *, create: bool = False) -> Keyword:
        return Keyword(self._home / f"keyword-{generation}", create=create)

    def dense(self) -> Dense:
        """The dense index, opened and its vectors loaded. Raises HomeError."""
        if self._dense is None:
            fingerprint = self._store.fingerprint
            with self.exclusive():
                self._horizon = self._store.version
                dense = self._open_dense(self._generation)
                if fingerprint is not None:
                    dense.load(fingerprint.dimension)
            self._dense = dense
            self._expect(dense.count, "dense")
        return self._dense

    def keyword(self) -> Keyword:
        """The keyword index as of the home's present version. Raises HomeError."""
        version = self._store.version
        if self._keyword is None:
            self._keyword = self._open_keyword(self._generation)
            self._keyword_version = version
            self._expect(self._keyword.count, "keyword")
        elif self._keyword_version != version:
            self._keyword.reload()
            self._keyword_version = version
        return self._keyword

    def _expect(self, count: Callable[[], int], name: str) -> None:
        """Refuse an index that lost chunks; while a writer is at work, counts may differ."""
        version = self._store.version
        if count() == self._store.chunk_count() or self._store.meta("dirty"):
            return
        if self._store.version == version:
            raise HomeError(
                f"The {name} index of {self._home} does not hold what the home does. "
                f"Rebuild it with: dateline repair --home {self._home}"
            )

    def _follow(self) -> None:
        """Turn to the indexes of a new generation, after a repair by another process."""
        generation = self._store.meta("generation")
        if generation != self._generation:
            self.close()
            self._generation = generation

    # Searching

    def search_dense(self, vector: Vector, top_k: int, filters: Filters | None) -> list[Hit]:
        """The nearest ready chunks by cosine similarity, best first."""
        with self._guard:
            if not self._store.more_than(EXACT_CHUNKS, filters):
                return nearest(*self._vectors(filters), vector, top_k)
            self._follow()
            if self._writing or self._server is not None:
                dense = self.dense()
                return self._ready(lambda count: dense.search(vector, count, filters), top_k)
            return self._search_as_reader(vector, top_k, filters)

    def _search_as_reader(self, vector: Vector, top_k: int, filters: Filters | None) -> list[Hit]:
        """Search what the loaded index knows and, exactly, what came later."""
        if self._store.more_than(EXACT_CHUNKS, after=self._horizon):
            self._close_dense()
        dense, horizon = self.dense(), self._horizon
        hits = self._ready(lambda count: dense.search(vector, count, filters, horizon), top_k)
        late = nearest(*self._vectors(filters, horizon), vector, top_k)
        seen = {hit.chunk_id for hit in hits}
        hits += [hit for hit in late if hit.chunk_id not in seen]
        return sorted(hits, key=lambda hit: -hit.score)[:top_k]

    def _vectors(self, filters: Filters | None, after: int = 0) -> tuple[list[str], Matrix]:
        """The vectors in question, kept until other ones are or the content changes."""
        key = (self._store.version, filters, after)
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, self._store.vectors(filters, after))
        return self._kept[1]

    def search_keyword(
        self, terms: Sequence[tuple[str, float]], top_k: int, filters: Filters | None
    ) -> list[Hit]:
        """The best ready chunks by BM25, best first."""
        with self._guard:
            self._follow()
            keyword = self.keyword()
            return self._ready(lambda count: keyword.search(terms, count, filters), top_k)

    def search_keyword_articles(
        self, terms: Sequence[tuple[str, float]], top_k: int, filters: Filters | None
    ) -> dict[str, float]:
        """Article keys (see `index.keyword.article_key`) and BM25 scores of the best articles."""
        with self._guard:
            self._follow()
            return self.keyword().search_articles(terms, top_k, filters)

    def _ready(self, search: Callable[[int], list[Hit]], top_k: int) -> list[Hit]:
        """Search for ever more until enough of the hits are ready."""
        count = top_k + OVERFETCH
        while True:
            hits = search(count)
            ready = self._store.ready(hit.chunk_id for hit in hits)
            kept = [hit for hit in hits if hit.chunk_id in ready]
            if len(kept) >= top_k or len(hits) < count:
                return kept[:top_k]
            count *= 2

    # Changing

    def change(self, added: Sequence[IndexRecord], deleted: Sequence[str]) -> None:
        """Add and delete chunks in both indexes."""
        with self._guard:
            dense, keyword = self.dense(), self.keyword()
            with self.exclusive():
                dense.change(added, deleted)
            keyword.change(added, deleted)

    def create(self) -> tuple[str, Dense, Keyword]:
        """Empty indexes of the next generation, beside the present ones."""
        generation = str(int(self._generation) + 1)
        self._discard(generation)
        return (
            generation,
            self._open_dense(generation, create=True),
            self._open_keyword(generation, create=True),
        )

    def adopt(self, generation: str, dense: Dense, keyword: Keyword) -> None:
        """Use new indexes and delete those before them."""
        with self._guard:
            self.close()
            self._discard(self._generation)
            self._generation, self._dense, self._keyword = generation, dense, keyword
            self._horizon = self._keyword_version = self._store.version

    def _discard(self, generation: str) -> None:
        """Delete the indexes of a generation, as far as there are any."""
        for kind in ("dense", "keyword"):
            shutil.rmtree(self._home / f"{kind}-{generation}", ignore_errors=True)
        if self._server is not None:
            with suppress(HomeError):
                self._open_dense(generation).drop()

    def _close_dense(self) -> None:
        dense, self._dense = self._dense, None
        if dense is not None:
            dense.close()

    def close(self) -> None:
        """Let all files go."""
        with self._guard:
            self._close_dense()
            keyword, self._keyword = self._keyword, None
            if keyword is not None:
                keyword.close()
