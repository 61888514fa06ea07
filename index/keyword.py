"""The keyword index: BM25 over chunks and over whole articles. Derived from the store.

Few words of a question stand in one chunk together; over a whole article they do, and tell its
subject. A chunk's own score tells where in the article to read.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from index.article import Filters
from index.bm25 import Document, TermIndex
from index.records import Hit, IndexRecord

# Of a term in the article's title, against one in the text; see docs/decisions.md.
TITLE_WEIGHT = 0.3


def article_key(chunk_id: str) -> str:
    """The article and revision that a chunk belongs to."""
    return chunk_id.rpartition(".")[0]


def _chunk(record: IndexRecord) -> Document:
    return Document(record.chunk_id, record.body, record.title, record.publisher, record.published)


def _articles(records: Sequence[IndexRecord]) -> Iterator[Document]:
    """Whole articles, put together from all their chunks."""

    def key_of(record: IndexRecord) -> str:
        return article_key(record.chunk_id)

    for key, group in groupby(sorted(records, key=key_of), key_of):
        chunks = list(group)
        body = [term for chunk in chunks for term in chunk.body]
        first = chunks[0]
        yield Document(key, body, first.title, first.publisher, first.published)


class Keyword:
    """The two open indexes of one keyword folder."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._chunks = TermIndex(folder / "chunks", TITLE_WEIGHT, create=create)
        self._articles = TermIndex(folder / "articles", TITLE_WEIGHT, create=create)

    def reload(self) -> None:
        """See what was committed since, also by another process."""
        self._articles.reload()
        self._chunks.reload()

    def change(self, added: Sequence[IndexRecord], deleted: Sequence[str]) -> None:
        """Add and delete the chunks of whole articles, durably.

        Articles first: whoever dies in between leaves chunks that are seen to be missing, or
        still there, and the same change made once more sets both right.
        """
        gone = {article_key(chunk_id) for chunk_id in deleted}
        self._articles.change(_articles(added), sorted(gone))
        self._chunks.change(map(_chunk, added), deleted)

    def search(
        self, terms: Sequence[tuple[str, float]], top_k: int, filters: Filters | None = None
    ) -> list[Hit]:
        """The best chunks that hold any of the weighted index terms, best first."""
        return [Hit(*found) for found in self._chunks.search(terms, top_k, filters)]

    def search_articles(
        self, terms: Sequence[tuple[str, float]], top_k: int, filters: Filters | None = None
    ) -> dict[str, float]:
        """Article keys and scores of the best whole articles."""
        return dict(self._articles.search(terms, top_k, filters))

    def ids(self) -> set[str]:
        """The ids of all chunks in the index."""
        return self._chunks.ids()

    def count(self) -> int:
        """How many chunks the index holds."""
        return self._chunks.count()

    def close(self) -> None:
        """Finish background work and let the files go."""
        self._articles.close()
        self._chunks.close()
