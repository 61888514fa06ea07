"""The truth, written: articles, chunks and vectors in one SQLite file.

What is `pending` stays unseen: `index.reading` reads only what is `ready`.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from index import sources
from index.article import Article, date_number, publisher_key
from index.database import Database
from index.reading import Reading, as_json
from index.records import Entry, Fingerprint, IndexRecord, StoredChunk
from index.sources import Seen, Source
from index.vocabulary import WordCounts, add_words, chunk_terms, subtract_words
from index.words import terms

_INSERT_ARTICLE = (
    "INSERT INTO articles (id, revision, state, source, digest, content, title, publisher, author,"
    " published, url, publisher_key, published_number, added_at, text, pages)"
    " VALUES (?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_CHUNK = "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FLIP = "UPDATE articles SET state = 'ready', since = ? WHERE id = ? AND revision = ?"
_KEEP = (
    "INSERT OR REPLACE INTO earlier SELECT id, revision, source, title, publisher, author,"
    " published, url, added_at, text, pages FROM ready_articles"
    " WHERE id IN (SELECT value FROM json_each(?))"
)
_FORGET = "DELETE FROM articles WHERE id = ? AND revision = ?"
_RECORDS = (
    'SELECT id, vector, text, start, "end", title, publisher_key, published_number, since'
    " FROM chunk_articles WHERE id IN (SELECT value FROM json_each(?))"
)


def _article_values(entry: Entry, now: str) -> tuple[Any, ...]:
    article, known = entry.article, entry.article.metadata
    return (
        *(article.id, article.revision, article.source, entry.digest, entry.content),
        *(known.title, known.publisher, known.author, known.published, known.url),
        publisher_key(known.publisher),
        date_number(known.published) if known.published else None,
        *(now, article.text, json.dumps(article.pages)),
    )


def _chunk_values(stored: StoredChunk, revision: int) -> tuple[Any, ...]:
    chunk = stored.chunk
    spans = np.array([(s.start, s.end) for s in chunk.sentences], dtype=np.int32)
    return (
        *(chunk.id, chunk.article_id, revision, chunk.position, chunk.start, chunk.end),
        spans.tobytes(),
        stored.vector.astype(np.float32).tobytes(),
        stored.sentence_vectors.astype(np.float16).tobytes(),
    )


class Store(Reading):
    """Reads and writes the SQLite file."""

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> "Store":
        """Open the file; with `create`, make it first where it is missing. Raises HomeError."""
        store = cls(Database.open(path, create=create))
        if create and store.database.fresh:
            store._fill(dirty="yes")  # there are no indexes yet
        return store

    @classmethod
    def empty(cls) -> "Store":
        """An empty store in memory, standing for a home that does not exist."""
        store = cls(Database.in_memory())
        store._fill(dirty="")
        return store

    def _fill(self, dirty: str) -> None:
        home = uuid.uuid4().hex[:12]
        first = {"home": home, "version": "0", "generation": "0", "dirty": dirty}
        self.database.create(lambda: self.set_meta(**first))

    def set_meta(self, **values: str) -> None:
        """Remember values, all or none."""
        sql = "INSERT OR REPLACE INTO meta SELECT key, value FROM json_each(?) WHERE true"
        self.database.rows(sql, (json.dumps(values),))

    def set_fingerprint(self, fingerprint: Fingerprint) -> None:
        """Remember what all vectors will have in common."""
        self.set_meta(fingerprint=json.dumps(asdict(fingerprint)))

    # An article's way in: pending, then ready

    def add_pending(self, entries: Sequence[Entry]) -> None:
        """Write whole articles that nobody sees yet, and mark the indexes dirty."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        chunks = [
            _chunk_values(stored, entry.article.revision)
            for entry in entries
            for stored in entry.chunks
        ]
        with self.database.transaction():
            self.set_meta(dirty="yes")
            self.database.many(_INSERT_ARTICLE, [_article_values(entry, now) for entry in entries])
            self.database.many(_INSERT_CHUNK, chunks)

    def flip(self, keys: Sequence[tuple[str, int]], counts: WordCounts) -> list[str]:
        """Make pending revisions ready in place of earlier ones, whose chunk ids it returns.

        Of the earlier ones the text is kept, so that what was cited from them can be looked up.
        """
        ids = [article_id for article_id, _ in keys]
        with self.database.transaction():
            self.database.rows(_KEEP, (as_json(ids),))
            dropped = self._drop(ids)
            since = self._next_version()
            self.database.many(_FLIP, [(since, *key) for key in keys])
            add_words(self.database, counts)
        return dropped

    def keep_earlier(self, articles: Sequence[tuple[Article, str]]) -> None:
        """Keep earlier revisions of articles, each with the ISO time it was stored."""
        rows = [
            (
                *(each.id, each.revision, each.source),
                *(each.metadata.title, each.metadata.publisher, each.metadata.author),
                *(each.metadata.published, each.metadata.url),
                *(stored_at, each.text, json.dumps(each.pages)),
            )
            for each, stored_at in articles
        ]
        with self.database.transaction():
            self.database.many(
                "INSERT OR REPLACE INTO earlier VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Forget ready articles and what they were earlier; returns their chunk ids, which the
        indexes still hold.
        """
        wanted = list(ids)
        with self.database.transaction():
            self.set_meta(dirty="yes")
            # The last revision is kept, so that an article that comes back reuses no chunk id.
            self.database.rows(
                "INSERT OR REPLACE INTO removed SELECT id, revision FROM ready_articles "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (as_json(wanted),),
            )
            dropped = self._drop(wanted)
            self.database.many("DELETE FROM earlier WHERE id = ?", [(each,) for each in wanted])
            self._next_version()
        return dropped

    # The sources it keeps in step with

    def remember(self, source: Source, items: Sequence[Seen]) -> None:
        """Remember a source and the state of some of its items."""
        with self.database.transaction():
            sources.remember(self.database, source, items)

    def forget(self, addresses: Sequence[str]) -> None:
        """Forget sources; their articles stay."""
        with self.database.transaction():
            sources.forget(self.database, addresses)

    def flag(self, articles: Sequence[str], since: str) -> None:
        """Mark articles, by source, as no longer there."""
        with self.database.transaction():
            sources.flag(self.database, articles, since)

    def unflag(self, articles: Sequence[str]) -> None:
        """Take the mark away from articles that are there again."""
        with self.database.transaction():
            sources.unflag(self.database, articles)

    def _next_version(self) -> int:
        version = self.version + 1
        self.set_meta(version=str(version))
        return version

    def _drop(self, ids: Iterable[str]) -> list[str]:
        counts = WordCounts()
        dropped: list[str] = []
        for article in self.articles(ids).values():
            for stored in self.chunks_of(article.id, article.revision):
                counts.add(chunk_terms(article.text, stored.chunk))
                dropped.append(stored.chunk.id)
            self.database.rows(_FORGET, (article.id, article.revision))
        if dropped:
            subtract_words(self.database, counts)
        return dropped

    # What the upkeep of the indexes needs

    def pending(self) -> list[tuple[str, int]]:
        """Id and revision of every article that is half-way in."""
        return self.database.rows("SELECT id, revision FROM articles WHERE state = 'pending'")

    def every_chunk_id(self) -> list[str]:
        """The ids of all chunks, pending or ready."""
        return [row[0] for row in self.database.rows("SELECT id FROM chunks")]

    def records(self, chunk_ids: Iterable[str]) -> Iterator[IndexRecord]:
        """What the indexes hold of some chunks, pending or ready."""
        coming = self.version + 1
        for row in self.database.rows(_RECORDS, (as_json(chunk_ids),)):
            identity, vector, text, start, end, title, publisher, published, since = row
            yield IndexRecord(
                identity,
                np.frombuffer(vector, dtype=np.float32),
                terms(text[start:end]),
                terms(title or ""),
                publisher,
                published,
                since or coming,
            )

    def chunks_of(self, article_id: str, revision: int) -> list[StoredChunk]:
        """The chunks of one revision in order, pending or ready."""
        return self.chunk_rows(
            "FROM chunks WHERE article_id = ? AND revision = ? ORDER BY position",
            (article_id, revision),
        )

    def article_revision(self, article_id: str, revision: int) -> Article:
        """One revision of an article, pending or ready."""
        return self.article_rows(
            "FROM articles WHERE id = ? AND revision = ?", (article_id, revision)
        )[0]

    def counted(self, keys: Iterable[tuple[str, int]]) -> WordCounts:
        """The words of some revisions, pending or ready."""
        counts = WordCounts()
        for key in keys:
            text = self.article_revision(*key).text
            for stored in self.chunks_of(*key):
                counts.add(chunk_terms(text, stored.chunk))
        return counts
