"""What a home says of its articles, chunks and words."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from index import sources, vocabulary
from index.article import Article
from index.reading import Reading
from index.records import ArticleRow, Coverage, StoredChunk, WordRow
from index.sources import Seen, Source


class Contents(ABC):
    """The reading half of a home: everything that the truth alone answers."""

    _words: tuple[int, list[WordRow]] = (-1, [])

    @abstractmethod
    def _truth(self) -> Reading:
        """The truth as it stands; an empty one while the home does not exist."""

    @property
    def version(self) -> int:
        """Changes whenever the content changes, whichever process changed it; 0 when empty."""
        return self._truth().version

    def chunks(self, ids: Iterable[str]) -> dict[str, StoredChunk]:
        """Chunks by id; unknown ids are left out."""
        return self._truth().chunks(ids)

    def chunk_count(self) -> int:
        """The number of chunks."""
        return self._truth().chunk_count()

    def article(self, article_id: str) -> Article | None:
        """An article by its id."""
        return self.articles([article_id]).get(article_id)

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Articles by id; unknown ids are left out."""
        return self._truth().articles(ids)

    def article_at(self, article_id: str, revision: int) -> Article | None:
        """One revision of an article, the newest or an earlier one."""
        return self._truth().article_at(article_id, revision)

    def revisions(self, article_id: str) -> list[tuple[int, str]]:
        """The revisions of an article that are kept, oldest first, and when each was stored."""
        return self._truth().revisions(article_id)

    def chunks_of(self, article_id: str) -> list[StoredChunk]:
        """The chunks of an article, in order."""
        return self._truth().chunks_of_ready(article_id)

    def sources(self) -> list[Source]:
        """The sources to keep in step with, by address."""
        return sources.sources(self._truth().database)

    def seen_of(self, address: str) -> dict[str, Seen]:
        """What was seen of a source's items, by key."""
        return sources.seen_of(self._truth().database, address)

    def flagged(self) -> list[str]:
        """The sources of the articles that are marked as gone."""
        return sources.flagged(self._truth().database)

    def marks(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Digest and content (see `index.records.Entry`) of articles, by id."""
        return self._truth().marks(ids)

    def published(self, ids: Iterable[str]) -> dict[str, str]:
        """ISO dates of the articles whose date is known, by id."""
        return self._truth().published(ids)

    def list_articles(self) -> list[ArticleRow]:
        """All articles, by source."""
        return self._truth().list_articles()

    def coverage(self) -> Coverage:
        """How many articles, by whom, from when to when."""
        return self._truth().coverage()

    def known(self) -> dict[str, tuple[str, str]]:
        """Source → (article id, digest) of every article."""
        return self._truth().known()

    def with_content(self, content: str) -> list[tuple[str, str]]:
        """Id and source of the articles with this content."""
        return self._truth().with_content(content)

    def next_revision(self, article_id: str) -> int:
        """One more than any revision this article ever had."""
        return self._truth().next_revision(article_id)

    def word_counts(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many chunks each index term occurs; 0 for an unknown one."""
        return vocabulary.word_counts(self._truth().database, stems)

    def spellings(self, skeletons: Iterable[str]) -> list[WordRow]:
        """The words whose `index.names.skeleton` is one of these, most frequent first."""
        return vocabulary.spellings(self._truth().database, skeletons)

    def vocabulary(self) -> list[WordRow]:
        """Every word of the collection, alphabetically; kept until the collection changes."""
        version = self.version
        if self._words[0] != version:
            self._words = (version, vocabulary.vocabulary(self._truth().database))
        return self._words[1]
