"""What the stores hand out, and what their upkeep reports."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.article import Article, Chunk, Metadata
from index.embed import Matrix, Vector


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found by a search; a higher score is better."""

    chunk_id: str
    score: float


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with its vector (dimension,) and its sentences' vectors (sentences, dimension).

    Sentence vectors are kept in half precision, so their length is 1 only to three digits.
    """

    chunk: Chunk
    vector: Vector
    sentence_vectors: Matrix


@dataclass(frozen=True, slots=True)
class Entry:
    """An article ready to be stored, with all its chunks.

    `digest` recognises the unchanged file; `content` recognises the same article elsewhere.
    """

    article: Article
    chunks: tuple[StoredChunk, ...]
    digest: str
    content: str


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """A chunk as the dense and the keyword index hold it.

    `body` and `title` are index terms, `publisher` is folded, `published` a number like
    20201202. `since` is the home's version that first showed the chunk.
    """

    chunk_id: str
    vector: Vector
    body: Sequence[str]
    title: Sequence[str]
    publisher: str
    published: int | None
    since: int


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One line of the list of articles. `added_at` is the ISO time of this revision, in UTC.

    `gone` is the ISO date since which its source no longer has it, where that is to be flagged.
    """

    id: str
    revision: int
    source: str
    metadata: Metadata
    chunks: int
    characters: int
    added_at: str
    gone: str | None = None


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word of the collection: in how many chunks it occurs, and how often it is written with
    a capital letter elsewhere than at the start of a sentence.
    """

    word: str
    stem: str
    chunks: int
    capitals: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the collection holds. `first` and `last` are the ISO dates its articles span.

    `subjects` are the names it is mostly about, where they were asked for.
    """

    articles: int
    publishers: tuple[str, ...]
    first: str | None
    last: str | None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What all vectors of a home have in common."""

    embedder: str
    dimension: int
    normalised: bool
    chunker: str
    chunk_tokens: int


@dataclass(frozen=True, slots=True)
class HomeStatus:
    """The state of a home. Sizes are bytes on disk; `pending` counts articles half-way in.

    `dense` and `keyword` count the chunks in those indexes, None where an index cannot be read.
    """

    path: str
    articles: int
    chunks: int
    pending: int
    fingerprint: Fingerprint | None
    truth_bytes: int
    dense_bytes: int
    keyword_bytes: int
    dense: int | None
    keyword: int | None

    @property
    def agree(self) -> bool:
        """Whether both indexes hold exactly as many chunks as the collection."""
        return self.dense == self.keyword == self.chunks


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did: articles and chunks indexed anew, articles it found half-way in and
    completed, and chunks that the dense index does not find by their own vectors.
    """

    articles: int
    chunks: int
    completed: int
    lost: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of each source. `failed` pairs a source with a one-line reason."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report in plain JSON types, as `dateline ingest --json` prints it."""
        plain: dict[str, Any] = {name: list(value) for name, value in asdict(self).items()}
        plain["failed"] = [{"source": source, "reason": why} for source, why in self.failed]
        return plain


@dataclass(frozen=True, slots=True)
class SyncReport(IngestReport):
    """What became of each item of the remembered sources.

    `kept` and `flagged` are articles that have vanished from their sources since the last look
    and stay, `flagged` ones marked as gone.
    """

    kept: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
