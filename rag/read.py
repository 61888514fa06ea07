"""The extractive reader: which sentence answers, how surely, and where its short answer lies."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from index.article import Span
from rag.features import NAMES, Numbers, SentenceView, sentence_features, view_sentences
from rag.retrieve import Candidate, Query
from rag.shorten import Short, shorten
from rag.understand import Kind

WEIGHTS = Path(__file__).with_name("weights.json")
# A sentence can only answer these kinds when it holds something of the kind.
NEEDS_MENTION = frozenset(
    {Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.DATE, Kind.COUNTRY, Kind.PEOPLE}
    | {Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.NAME}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that may answer: its offsets in the article, how well it meets the question,
    how probable it is that it answers (0 to 1), and the short answer in it if there is one.
    """

    candidate: Candidate
    number: int
    span: Span
    score: float
    probability: float
    short: Short | None

    @property
    def quote(self) -> str:
        """The sentence's exact words in its article."""
        return self.candidate.article.text[self.span.start : self.span.end]

    @property
    def vector(self) -> Numbers:
        """The sentence's vector."""
        return self.candidate.stored.sentence_vectors[self.number].astype(np.float32)


class Reader(Protocol):
    """Judges the sentences of passages; replaceable by a trained model."""

    def read(self, query: Query, candidates: Sequence[Candidate]) -> list[Finding]:
        """Every sentence that could answer, best first."""
        ...


class _Weights(NamedTuple):
    mean: Numbers
    scale: Numbers
    choice: Numbers
    answers: Numbers
    bias: float


@cache
def _weights() -> _Weights:
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    columns = [stored["features"].index(name) for name in NAMES]

    def pick(key: str) -> Numbers:
        return np.array([stored[key][column] for column in columns], dtype=np.float32)

    return _Weights(
        pick("mean"), pick("scale"), pick("choice"), pick("answers"), float(stored["bias"])
    )


class FeatureReader:
    """Two linear models over the features of rag/features.py: one chooses the sentence, one says
    how probable it is that the sentence answers.
    """

    def read(self, query: Query, candidates: Sequence[Candidate]) -> list[Finding]:
        """Every sentence that could answer, best first."""
        findings = [finding for found in candidates for finding in self._read_one(query, found)]
        return sorted(findings, key=lambda finding: -finding.score)

    def _read_one(self, query: Query, candidate: Candidate) -> list[Finding]:
        chunk = candidate.stored.chunk
        spans = [Span(s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences]
        views = view_sentences(candidate.text, spans, query.wanted)
        likenesses = candidate.stored.sentence_vectors.astype(np.float32) @ query.vector
        features = sentence_features(
            query.question,
            query.wanted,
            views,
            likenesses,
            float(candidate.stored.vector @ query.vector),
            chunk.position == 0,
        )
        mean, scale, choice, answers, bias = _weights()
        scaled = (features - mean) / scale
        scores, odds = scaled @ choice, scaled @ answers + bias
        return [
            self._finding(query, candidate, number, view, float(scores[number]), float(odds[number]))
            for number, view in enumerate(views)
            if self._may_answer(query, view)
        ]

    @staticmethod
    def _may_answer(query: Query, view: SentenceView) -> bool:
        if len(view.tokens) < 4:
            return False  # a heading or a scrap
        return query.question.kind not in NEEDS_MENTION or bool(view.answers(query.question))

    @staticmethod
    def _finding(
        query: Query,
        candidate: Candidate,
        number: int,
        view: SentenceView,
        score: float,
        odds: float,
    ) -> Finding:
        return Finding(
            candidate,
            number,
            candidate.stored.chunk.sentences[number],
            score,
            float(1 / (1 + np.exp(-odds))),
            shorten(query.question, query.wanted, view),
        )
