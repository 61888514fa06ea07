"""The truth, read: what the SQLite file says of ready articles."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from index.article import Article, Chunk, Filters, Metadata, Span, date_number, publisher_key
from index.database import Database
from index.embed import Matrix
from index.records import ArticleRow, Coverage, Fingerprint, StoredChunk

_ARTICLE = (
    "SELECT id, revision, source, text, title, publisher, author, published, url, pages, "
    "(SELECT since FROM flagged WHERE flagged.address = source) "
)
_CHUNK = 'SELECT id, article_id, position, start, "end", sentences, vector, sentence_vectors '
_FILTERED = """
FROM ready_chunks WHERE since > :after
AND (:publishers IS NULL OR publisher_key IN (SELECT value FROM json_each(:publishers)))
AND (:first IS NULL OR published_number >= :first)
AND (:last IS NULL OR published_number <= :last)
"""
_COUNT_SOME = "SELECT count(*) FROM (SELECT 1" + _FILTERED + "LIMIT :most)"  # noqa: S608
_VECTORS = "SELECT id, vector" + _FILTERED + "ORDER BY id"


def as_json(values: Iterable[Any]) -> str:
    """Any number of values as one parameter, for `json_each`."""
    return json.dumps(list(values))


def _article(row: Sequence[Any]) -> Article:
    return Article(row[0], row[1], row[2], row[3], Metadata(*row[4:9]), *_more(row))


def _more(row: Sequence[Any]) -> tuple[tuple[int, ...], str | None]:
    return tuple(json.loads(row[9])), row[10]


def _chunk(row: Sequence[Any]) -> StoredChunk:
    vector = np.frombuffer(row[6], dtype=np.float32)
    sentences = np.frombuffer(row[7], dtype=np.float16).reshape(-1, len(vector))
    spans = np.frombuffer(row[5], dtype=np.int32).reshape(-1, 2).tolist()
    chunk = Chunk(row[0], row[1], row[2], row[3], row[4], tuple(Span(a, b) for a, b in spans))
    return StoredChunk(chunk, vector, sentences.astype(np.float32))


def _parameters(filters: Filters, after: int) -> dict[str, Any]:
    """Filters as the parameters of `_FILTERED`."""
    first, last = filters.published_from, filters.published_to
    return {
        "after": after,
        "publishers": as_json(map(publisher_key, filters.publishers))
        if filters.publishers
        else None,
        "first": date_number(first) if first else None,
        "last": date_number(last) if last else None,
    }


class Reading:
    """All reading sees only `ready` articles, unless its name says otherwise."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def meta(self, key: str) -> str:
        """A remembered value; empty when there is none."""
        rows = self.database.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    @property
    def version(self) -> int:
        """Changes whenever the ready content changes, whichever process changed it."""
        return int(self.meta("version"))

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What all stored vectors have in common; None before the first article."""
        stored = self.meta("fingerprint")
        return Fingerprint(**json.loads(stored)) if stored else None

    def article_rows(self, condition: str, values: Sequence[Any]) -> list[Article]:
        """Articles by a condition of our own; a user's text goes into the values."""
        return [_article(row) for row in self.database.rows(_ARTICLE + condition, values)]

    def chunk_rows(self, condition: str, values: Sequence[Any]) -> list[StoredChunk]:
        """Chunks by a condition of our own; a user's text goes into the values."""
        return [_chunk(row) for row in self.database.rows(_CHUNK + condition, values)]

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Articles by id; unknown ids are left out."""
        condition = "FROM ready_articles WHERE id IN (SELECT value FROM json_each(?))"
        found = self.article_rows(condition, (as_json(ids),))
        return {article.id: article for article in found}

    def article_at(self, article_id: str, revision: int) -> Article | None:
        """One revision of a ready article, the newest or an earlier one."""
        for table in ("ready_articles", "earlier"):
            found = self.article_rows(
                f"FROM {table} WHERE id = ? AND revision = ?",
                (article_id, revision),
            )
            if found:
                return found[0]
        return None

    def revisions(self, article_id: str) -> list[tuple[int, str]]:
        """The revisions of an article that are kept, oldest first, and when each was stored."""
        return self.database.rows(
            "SELECT revision, added_at FROM earlier WHERE id = ?1 UNION ALL "
            "SELECT revision, added_at FROM ready_articles WHERE id = ?1 ORDER BY revision",
            (article_id,),
        )

    def marks(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Digest and content (see `index.records.Entry`) of articles, by id."""
        sql = (
            "SELECT id, digest, content FROM ready_articles "
            "WHERE id IN (SELECT value FROM json_each(?))"
        )
        rows = self.database.rows(sql, (as_json(ids),))
        return {article_id: (digest, content) for article_id, digest, content in rows}

    def published(self, ids: Iterable[str]) -> dict[str, str]:
        """ISO dates of the articles whose date is known, by id."""
        sql = (
            "SELECT id, published FROM ready_articles "
            "WHERE published IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
        )
        return dict(self.database.rows(sql, (as_json(ids),)))

    def chunks(self, ids: Iterable[str]) -> dict[str, StoredChunk]:
        """Chunks by id; unknown ids are left out."""
        condition = "FROM ready_chunks WHERE id IN (SELECT value FROM json_each(?))"
        found = self.chunk_rows(condition, (as_json(ids),))
        return {stored.chunk.id: stored for stored in found}

    def chunks_of_ready(self, article_id: str) -> list[StoredChunk]:
        """The chunks of an article in order."""
        return self.chunk_rows(
            "FROM ready_chunks WHERE article_id = ? ORDER BY position", (article_id,)
        )

    def ready(self, ids: Iterable[str]) -> set[str]:
        """Those of the chunk ids that are ready."""
        sql = "SELECT id FROM ready_chunks WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self.database.rows(sql, (as_json(ids),))}

    def chunk_ids(self) -> list[str]:
        """The ids of all chunks, oldest first."""
        rows = self.database.rows("SELECT id FROM ready_chunks ORDER BY since, id")
        return [row[0] for row in rows]

    def chunk_count(self) -> int:
        """The number of chunks."""
        return int(self.database.rows("SELECT count(*) FROM ready_chunks")[0][0])

    def more_than(self, count: int, filters: Filters | None = None, after: int = 0) -> bool:
        """Whether more chunks than `count` pass the filters and became ready after a version."""
        values = _parameters(filters or Filters(), after)
        rows = self.database.rows(_COUNT_SOME, {**values, "most": count + 1})
        return bool(rows[0][0] > count)

    def vectors(self, filters: Filters | None = None, after: int = 0) -> tuple[list[str], Matrix]:
        """Ids and vectors (rows, dimension) of the chunks that pass the filters and became
        ready after a version.
        """
        rows = self.database.rows(_VECTORS, _parameters(filters or Filters(), after))
        if not rows:
            return [], np.empty((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
        return [row[0] for row in rows], matrix.reshape(len(rows), -1)

    def list_articles(self) -> list[ArticleRow]:
        """All articles, by source."""
        rows = self.database.rows(
            "SELECT id, revision, source, title, publisher, author, published, url, "
            "(SELECT count(*) FROM chunks c WHERE c.article_id = a.id AND c.revision = a.revision),"
            " length(text), added_at, (SELECT since FROM flagged WHERE flagged.address = source) "
            "FROM ready_articles a ORDER BY source"
        )
        return [ArticleRow(row[0], row[1], row[2], Metadata(*row[3:8]), *row[8:12]) for row in rows]

    def coverage(self) -> Coverage:
        """How many articles, by whom, from when to when."""
        ((count, first, last),) = self.database.rows(
            "SELECT count(*), min(published), max(published) FROM ready_articles"
        )
        publishers = self.database.rows(
            "SELECT DISTINCT publisher FROM ready_articles "
            "WHERE publisher IS NOT NULL ORDER BY publisher"
        )
        return Coverage(count, tuple(row[0] for row in publishers), first, last)

    def known(self) -> dict[str, tuple[str, str]]:
        """Source → (article id, digest) of every article."""
        rows = self.database.rows("SELECT source, id, digest FROM ready_articles")
        return {source: (article_id, digest) for source, article_id, digest in rows}

    def with_content(self, content: str) -> list[tuple[str, str]]:
        """Id and source of the articles with this content."""
        sql = "SELECT id, source FROM ready_articles WHERE content = ?"
        return self.database.rows(sql, (content,))

    def next_revision(self, article_id: str) -> int:
        """One more than any revision this article ever had."""
        rows = self.database.rows(
            "SELECT max(revision) FROM (SELECT revision FROM articles WHERE id = ?1 "
            "UNION ALL SELECT revision FROM removed WHERE id = ?1)",
            (article_id,),
        )
        return int(rows[0][0] or 0) + 1

    def close(self) -> None:
        """Close the file."""
        self.database.close()
