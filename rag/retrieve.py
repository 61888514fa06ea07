"""Find the passages that may answer: dense and keyword search, fused.

A passage is scored by its vector, by its own words, by the words of its whole article, and, for a
question of the present, by how new its article is.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from index.article import Article, Filters
from index.embed import Vector
from index.home import Home
from index.keyword import article_key
from index.records import StoredChunk
from index.words import tokens
from rag.answer import ArticleRef, Passage
from rag.fuse import fuse, min_max, of_best
from rag.recency import asks_of_the_past, recency
from rag.rerank import Reranker
from rag.spelling import respell
from rag.understand import Question
from rag.weigh import Wanted, weigh

POOL = 100  # hits taken from each search before fusing
PART_WEIGHT = 0.5  # of a hyphenated word or a spelt-out acronym, searched for in one piece as well


@dataclass(frozen=True, slots=True)
class Shares:
    """What each signal weighs in a passage's score; measured in benchmarks/results/ablation.md."""

    dense: float = 0.5
    chunk_words: float = 0.25
    article_words: float = 0.25
    recency: float = 0.3


SHARES = Shares()
RERANKED = 0.5  # what a reranker weighs beside them


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for one collection.

    `asked` is its text in the collection's spelling; `now` the day of asking for a question of
    the present, None for one of the past.
    """

    question: Question
    asked: str
    wanted: tuple[Wanted, ...]
    vector: Vector
    now: date | None


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


def prepare(question: Question, home: Home, today: date) -> Query:
    """Weigh the question's words in this collection, find their spellings, embed it."""
    spelling = respell(question, home)
    wanted = weigh(question, home.chunk_count(), home.word_counts, spelling)
    vector = home.embedder.embed_query(spelling.corrected)
    now = None if asks_of_the_past(question.text, today) else today
    return Query(question, spelling.corrected, tuple(wanted), vector, now)


def _keyword_terms(query: Query) -> list[tuple[str, float]]:
    """The index terms to search for; a question of stop words only is searched by those."""
    found = [(stem, sure) for want in query.wanted for stem, sure in want.stems.items()]
    found += [(part, PART_WEIGHT) for want in query.wanted for run in want.groups for part in run]
    return found or [(token.stem, 1.0) for token in tokens(query.question.text)]


def retrieve(
    query: Query, home: Home, top_k: int, filters: Filters | None, shares: Shares = SHARES
) -> list[Candidate]:
    """The chunks that best match a question, best first; a score is a sum of `shares`."""
    pool, terms = max(POOL, top_k), _keyword_terms(query)
    keyword = {hit.chunk_id: hit.score for hit in home.keyword(terms, pool, filters)}
    wholes = home.keyword_articles(terms, pool, filters)
    found = {hit.chunk_id for hit in home.dense(query.vector, pool, filters)}
    stored = home.chunks(found | keyword.keys())
    published = home.published({one.chunk.article_id for one in stored.values()})
    dense = {key: float(np.dot(one.vector, query.vector)) for key, one in stored.items()}
    articles = {key: wholes.get(article_key(key), 0.0) for key in stored}
    new = {
        key: recency(published.get(one.chunk.article_id), query.now) if query.now else 0.0
        for key, one in stored.items()
    }
    signals = [
        (min_max(dense), shares.dense),
        (of_best({key: keyword.get(key, 0.0) for key in stored}), shares.chunk_words),
        (of_best(articles), shares.article_words),
        (new, shares.recency),
    ]
    return _candidates(fuse(signals)[:top_k], stored, home)


def _candidates(
    ranked: Sequence[tuple[str, float]], stored: Mapping[str, StoredChunk], home: Home
) -> list[Candidate]:
    articles = home.articles({stored[key].chunk.article_id for key, _ in ranked})
    return [
        Candidate(stored[key], articles[stored[key].chunk.article_id], score)
        for key, score in ranked
        if stored[key].chunk.article_id in articles
    ]


def rerank(
    query: Query, candidates: Sequence[Candidate], reranker: Reranker, top_k: int
) -> list[Candidate]:
    """The candidates by their score and a reranker's together, best first."""
    texts = [titled(found) for found in candidates]
    scores = reranker.scores(query.asked, texts)
    judged = min_max({str(number): score for number, score in enumerate(scores)})
    mixed = [
        replace(found, score=found.score + RERANKED * judged[str(number)])
        for number, found in enumerate(candidates)
    ]
    return sorted(mixed, key=lambda found: -found.score)[:top_k]


def titled(candidate: Candidate) -> str:
    """A chunk under its article's title, which often names what the chunk only calls "it"."""
    title = (candidate.article.metadata.title or "").strip()
    return f"{title}. {candidate.text}" if title else candidate.text


def article_ref(article: Article, start: int) -> ArticleRef:
    """An article as a citation of the words at `start` shows it."""
    about = article.metadata
    return ArticleRef(
        article.id,
        about.title,
        about.publisher,
        about.author,
        about.published,
        about.url,
        article.source,
        bisect_right(article.pages, start) or None,
        article.revision,
    )


def passages(candidates: Sequence[Candidate]) -> tuple[Passage, ...]:
    """Candidates as an answer shows them."""
    return tuple(
        Passage(
            found.text,
            found.stored.chunk.start,
            found.stored.chunk.end,
            round(found.score, 4),
            article_ref(found.article, found.stored.chunk.start),
        )
        for found in candidates
    )
