"""Find the passages that may answer: dense and keyword search, fused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.article import Article, Filters
from index.embed import Vector
from index.home import Home
from index.records import StoredChunk
from index.words import tokens
from rag.answer import ArticleRef, Passage
from rag.fuse import fuse
from rag.spelling import respell
from rag.understand import Question
from rag.weigh import Wanted, weigh

POOL = 50  # hits taken from each search before fusing
DENSE_SHARE = 0.5
PART_WEIGHT = 0.5  # of a hyphenated word or a spelt-out acronym, searched for in one piece as well


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for one collection."""

    question: Question
    wanted: tuple[Wanted, ...]
    vector: Vector


@dataclass(frozen=True, slots=True)
class Candidate:
    """A retrieved chunk with everything that reading it needs."""

    stored: StoredChunk
    article: Article
    score: float

    @property
    def text(self) -> str:
        """The chunk's own text."""
        return self.article.text[self.stored.chunk.start : self.stored.chunk.end]


def prepare(question: Question, home: Home) -> Query:
    """Weigh the question's words in this collection, find their spellings, embed it."""
    spelling = respell(question, home)
    wanted = weigh(question, home.chunk_count(), home.word_counts, spelling)
    return Query(question, tuple(wanted), home.embedder.embed_query(spelling.corrected))


def _keyword_terms(query: Query) -> list[tuple[str, float]]:
    """The index terms to search for; a question of stop words only is searched by those."""
    found = [(stem, sure) for want in query.wanted for stem, sure in want.stems.items()]
    found += [(part, PART_WEIGHT) for want in query.wanted for run in want.groups for part in run]
    return found or [(token.stem, 1.0) for token in tokens(query.question.text)]


def retrieve(query: Query, home: Home, top_k: int, filters: Filters | None) -> list[Candidate]:
    """The chunks that best match a question, best first."""
    pool = max(POOL, top_k)
    dense = {hit.chunk_id: hit.score for hit in home.dense(query.vector, pool, filters)}
    keyword = {
        hit.chunk_id: hit.score for hit in home.keyword(_keyword_terms(query), pool, filters)
    }
    stored = home.chunks(dense.keys() | keyword.keys())
    for key in keyword.keys() - dense.keys():
        if key in stored:  # its cosine is known as well: the vectors are kept
            dense[key] = float(np.dot(stored[key].vector, query.vector))
    ranked = [(key, score) for key, score in fuse(dense, keyword, DENSE_SHARE) if key in stored]
    articles = home.articles({stored[key].chunk.article_id for key, _ in ranked[:top_k]})
    return [
        Candidate(stored[key], articles[stored[key].chunk.article_id], score)
        for key, score in ranked[:top_k]
        if stored[key].chunk.article_id in articles
    ]


def article_ref(article: Article) -> ArticleRef:
    """An article as a citation shows it."""
    about = article.metadata
    return ArticleRef(
        article.id,
        about.title,
        about.publisher,
        about.author,
        about.published,
        about.url,
        article.source,
    )


def passages(candidates: Sequence[Candidate]) -> tuple[Passage, ...]:
    """Candidates as an answer shows them."""
    return tuple(
        Passage(
            found.text,
            found.stored.chunk.start,
            found.stored.chunk.end,
            round(found.score, 4),
            article_ref(found.article),
        )
        for found in candidates
    )
