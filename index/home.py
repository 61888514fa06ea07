"""One home folder: the truth and the two indexes derived from it, opened as they are needed."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self

from index import recovery
from index.article import Article, Filters
from index.chunk import VERSION as CHUNKER
from index.contents import Contents
from index.dense import check_address
from index.derived import Derived
from index.embed import Embedder, Vector
from index.embedders import open_embedder
from index.errors import HomeError, HomeMismatch
from index.folder import TRUTH, check_place, make_folder, open_store, size
from index.lock import WriterLock
from index.publishing import check_vectors, index_records
from index.records import Entry, Fingerprint, Hit, HomeStatus, RepairReport
from index.sources import Seen, Source
from index.store import Store
from index.vocabulary import WordCounts

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding


class Home(Contents):
    """An open home, safe to use from several threads.

    Reading a home that does not exist finds nothing and creates nothing. The first write makes
    this object the home's writer until it is closed.
    """

    def __init__(
        self, path: Path, embedding: "str | BaseEmbedding | None", chroma_url: str | None
    ) -> None:
        self.path = path
        self._embedding = embedding
        self._server = chroma_url
        self._guard = RLock()
        self._lock = WriterLock(path)
        self._nothing = Store.empty()
        self._store: Store | None = None
        self._derived: Derived | None = None
        self._embedder: Embedder | None = None

    @classmethod
    def open(
        cls,
        path: str | Path,
        embedding: "str | BaseEmbedding | None" = None,
        chroma_url: str | None = None,
    ) -> "Home":
        """Open a home for reading; set right first what a dead writer left behind.

        Raises HomeError when it cannot be read, is damaged or was written by a newer version,
        and UsageError for a server's address that is none.
        """
        if chroma_url is not None:
            check_address(chroma_url)
        home = cls(Path(path), embedding, chroma_url)
        try:
            if home._truth().meta("dirty"):
                home._recover()
        except BaseException:
            home.close()
            raise
        return home

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let all files and the writer's lock go."""
        with self._guard:
            self._close_indexes()
            if self._store is not None:
                self._store.close()
            self._store = None
            self._nothing.close()
            self._lock.release()

    def _close_indexes(self) -> None:
        derived, self._derived = self._derived, None
        if derived is not None:
            derived.close()

    # The parts, opened at first use

    def _truth(self) -> Store:
        if self._store is None:  # reading need not wait for a write of another thread
            with self._guard:
                self._store = self._store or open_store(self.path)
        return self._store or self._nothing

    def _indexes(self) -> Derived:
        with self._guard:
            if self._derived is None:
                store = self._truth()
                check_place(self.path, store.meta("dense"), self._server)
                self._derived = Derived(self.path, store, self._server, writing=self._lock.held)
            return self._derived

    @property
    def embedder(self) -> Embedder:
        """The embedder; opening it checks that it is the one that wrote this home.

        Raises HomeMismatch when it is another, ModelError when it cannot be loaded.
        """
        if self._embedder is None:
            with self._guard:
                embedder = self._embedder or open_embedder(self._embedding)
                self._check(embedder)
                self._embedder = embedder
        return self._embedder

    def _check(self, embedder: Embedder) -> Fingerprint:
        tokens = embedder.chunk_tokens
        wanted = Fingerprint(embedder.name, embedder.dimension, True, CHUNKER, tokens)
        stored = self._truth().fingerprint
        if stored is not None and stored != wanted:
            raise HomeMismatch(
                f"{self.path} was written with {_described(stored)}, not {_described(wanted)}. "
                f"Use that embedding, or ingest the articles into a new home."
            )
        return wanted

    # Searching

    def dense(self, vector: Vector, top_k: int, filters: Filters | None = None) -> list[Hit]:
        """The nearest chunks by cosine similarity to a unit vector (dimension,), best first."""
        if self.version == 0:
            return []
        return self._indexes().search_dense(vector, top_k, filters)

    def keyword(
        self, terms: Sequence[tuple[str, float]], top_k: int, filters: Filters | None = None
    ) -> list[Hit]:
        """The best chunks by BM25 that hold any of the weighted index terms, best first."""
        if self.version == 0:
            return []
        return self._indexes().search_keyword(terms, top_k, filters)

    def keyword_articles(
        self, terms: Sequence[tuple[str, float]], top_k: int, filters: Filters | None = None
    ) -> dict[str, float]:
        """BM25 scores of the best whole articles, by `index.keyword.article_key`."""
        if self.version == 0:
            return {}
        return self._indexes().search_keyword_articles(terms, top_k, filters)

    def status(self) -> HomeStatus:
        """Counts and sizes; opens both indexes to count what they hold."""
        store = self._truth()
        return HomeStatus(
            path=str(self.path),
            articles=store.coverage().articles,
            chunks=store.chunk_count(),
            pending=len(store.pending()),
            fingerprint=store.fingerprint,
            truth_bytes=size(self.path, f"{TRUTH}*"),
            dense_bytes=size(self.path, "dense-*/**/*"),
            keyword_bytes=size(self.path, "keyword-*/**/*"),
            dense=self._counted(lambda: self._indexes().dense().count()),
            keyword=self._counted(lambda: self._indexes().keyword().count()),
        )

    def _counted(self, count: Callable[[], int]) -> int | None:
        try:
            return count() if self.version else 0
        except HomeError:
            return None

    # Writing

    def begin_writing(self) -> Store:
        """Become the writer, make the home if it is not there, set it right if it is dirty.

        Raises HomeBusy when another process writes.
        """
        with self._guard:
            if not self._lock.held:
                make_folder(self.path)
                self._lock.acquire()
                self._close_indexes()  # a reader's do not know what a writer adds
            store = self._truth()
            if store is self._nothing:
                store = self._store = Store.open(self.path / TRUTH, create=True)
                store.set_meta(dense=self._server or "")
            if store.meta("dirty"):
                recovery.reconcile(store, self._indexes())
            return store

    def end_writing(self) -> None:
        """Let other processes write again; this home goes on reading."""
        with self._guard:
            if self._lock.held:
                self._close_indexes()  # a writer's do not follow what others add
                self._lock.release()

    def add(self, entries: Sequence[Entry]) -> None:
        """Publish articles: all of them appear at once, in place of their earlier revisions.

        Raises HomeMismatch for another embedding, ModelError for vectors that are none.
        """
        with self._guard:
            fingerprint = self._check(self.embedder)
            for entry in entries:
                check_vectors(entry, fingerprint)
            store = self.begin_writing()
            if store.fingerprint is None:
                store.set_fingerprint(fingerprint)
            counts = WordCounts()
            records = index_records(entries, store.version + 1, counts)
            store.add_pending(entries)
            self._indexes().change(records, [])
            self._settle(store.flip([(e.article.id, e.article.revision) for e in entries], counts))

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Forget articles; returns the ids that were there."""
        with self._guard:
            found = list(self.articles(ids))
            if found:
                self._settle(self.begin_writing().remove(found))
            return found

    def keep_earlier(self, articles: Sequence[tuple[Article, str]]) -> None:
        """Keep earlier revisions of articles, each with the ISO time it was stored."""
        with self._guard:
            self.begin_writing().keep_earlier(articles)

    def remember(self, source: Source, items: Sequence[Seen]) -> None:
        """Remember a source and the state of some of its items."""
        with self._guard:
            self.begin_writing().remember(source, items)

    def forget(self, addresses: Iterable[str]) -> list[str]:
        """Forget sources, whose articles stay; returns the addresses that were known."""
        wanted = set(addresses)
        with self._guard:
            found = [each.address for each in self.sources() if each.address in wanted]
            if found:
                self.begin_writing().forget(found)
            return found

    def flag(self, articles: Sequence[str], since: str) -> None:
        """Mark articles, by source, as no longer there since an ISO date."""
        with self._guard:
            self.begin_writing().flag(articles, since)

    def unflag(self, articles: Sequence[str]) -> None:
        """Take the mark away from articles that are there again."""
        with self._guard:
            self.begin_writing().unflag(articles)

    def _settle(self, dropped: Sequence[str]) -> None:
        """Delete dropped chunks from the indexes, which are clean then."""
        if dropped:
            self._indexes().change([], dropped)
        self._truth().set_meta(dirty="")

    def repair(self, on_progress: recovery.Progress | None = None) -> RepairReport:
        """Build both indexes anew from the truth, without embedding, and check every chunk.

        `on_progress(done, total, chunk)` is called as chunks are done.
        """
        with self._guard:
            store = self._truth()
            if store is self._nothing:
                return RepairReport(0, 0, 0, 0)
            self._lock.acquire()
            self._close_indexes()
            self._derived = Derived(self.path, store, self._server, writing=True)
            return recovery.rebuild(store, self._derived, on_progress)

    def _recover(self) -> None:
        """Set right what a dead writer left; leave a living one alone.

        A home that cannot be set right stays dirty and readable; the next write says why.
        """
        with suppress(HomeError):
            self._lock.acquire()
            try:
                self.begin_writing()
            finally:
                self._close_indexes()
                self._lock.release()


def _described(fingerprint: Fingerprint) -> str:
    return (
        f"{fingerprint.embedder} ({fingerprint.dimension} dimensions, chunks "
        f"{fingerprint.chunker} of {fingerprint.chunk_tokens} tokens)"
    )
