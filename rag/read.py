"""The extractive reader: which sentence answers, how surely, and where its short answer lies."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from index.article import Span
from rag.features import NAMES, sentence_features
from rag.mention import Mention
from rag.mentions import mentions
from rag.retrieve import Candidate, Query
from rag.shorten import Short, shorten
from rag.understand import Kind
from rag.view import Numbers, SentenceView, view_sentences

WEIGHTS = Path(__file__).with_name("weights.json")
# A sentence can only answer these kinds when it holds something of the kind.
NEEDS_MENTION = frozenset(
    {Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.EXTENT, Kind.DATE, Kind.COUNTRY, Kind.PEOPLE}
    | {Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.NAME}
)


COUNTED = 0.3  # mean over the words of what is counted
NAMED = 0.5
ANYONE = frozenset("people persons men women times".split())  # often left unsaid: "20 were killed"
SHORTEST = 4  # words; less is a heading or a scrap
# What stands between a figure and a people or country that it counts: "12,000 Syrians", "90 men
# from Syria".
_OF_THESE = re.compile(r" (?:of )?(?:the )?| [^.;,\d]{1,30} from ")
LONGEST_PAIR = 400  # characters
_REFERS_BACK = re.compile(r"\W*(?:He|She|They|It|His|Her|Their|Its)\b")
_ITEM = re.compile(r"(?:[-*•–]|\d{1,2}[.)])\s")


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
        found: Numbers = self.candidate.stored.sentence_vectors[self.number].astype(np.float32)
        return found


ENOUGH = 0.2  # a best finding of FeatureReader less probable than this is no answer


class Reader(Protocol):
    """Judges the sentences of passages; replaceable."""

    @property
    def enough(self) -> float:
        """The probability from which a finding is an answer, 0 to 1."""
        ...

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

    enough = ENOUGH

    def read(self, query: Query, candidates: Sequence[Candidate]) -> list[Finding]:
        """Every sentence that could answer, best first."""
        findings = [finding for found in candidates for finding in self._read_one(query, found)]
        return sorted(findings, key=lambda finding: -finding.score)

    def _read_one(self, query: Query, candidate: Candidate) -> list[Finding]:
        return [
            Finding(
                candidate,
                judged.unit.first,
                judged.span,
                judged.score,
                float(1 / (1 + np.exp(-judged.odds))),
                shorten(query.question, query.wanted, judged.view),
            )
            for judged in judge(query, candidate)
            if may_answer(query, judged.view)
        ]


class Unit(NamedTuple):
    """A sentence to read, or a list with the sentence that introduces it: the number of its first
    sentence in the chunk, and its span in the passage.
    """

    first: int
    span: Span


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence as the features see it: its span in the article, how well it meets the question
    (`score`), and the log-odds that it answers.
    """

    unit: Unit
    span: Span
    view: SentenceView
    score: float
    odds: float


def judge(query: Query, candidate: Candidate) -> list[Judged]:
    """Every sentence of a passage, in order, judged by the features."""
    start, text = candidate.stored.chunk.start, candidate.text
    spans = [Span(s.start - start, s.end - start) for s in candidate.stored.chunk.sentences]
    units = with_antecedents(text, join_lists(text, spans))
    views = view_sentences(query.question, query.wanted, text, [unit.span for unit in units])
    vectors = candidate.stored.sentence_vectors[[unit.first for unit in units]]
    features = sentence_features(
        query.question,
        query.wanted,
        views,
        vectors.astype(np.float32) @ query.vector,
        float(candidate.stored.vector @ query.vector),
        candidate.article.metadata.title,
    )
    mean, scale, choice, answers, bias = _weights()
    scaled = (features - mean) / scale
    return [
        Judged(
            unit,
            Span(start + unit.span.start, start + unit.span.end),
            view,
            float(row @ choice),
            float(row @ answers) + bias,
        )
        for unit, view, row in zip(units, views, scaled, strict=True)
    ]


def join_lists(text: str, spans: Sequence[Span]) -> list[Unit]:
    """Sentences, each that ends with a colon joined with the list items that follow it."""
    units: list[Unit] = []
    open_list = False
    for number, span in enumerate(spans):
        own = text[span.start : span.end]
        if open_list and _ITEM.match(own):
            units[-1] = Unit(units[-1].first, Span(units[-1].span.start, span.end))
            continue
        units.append(Unit(number, span))
        open_list = own.endswith(":")
    return units


def with_antecedents(text: str, units: Sequence[Unit]) -> list[Unit]:
    """The units, and each that begins with a pronoun once more with the sentence before it."""
    joined = [
        Unit(one.first, Span(one.span.start, following.span.end))
        for one, following in pairwise(units)
        if _REFERS_BACK.match(text, following.span.start)
        and not _REFERS_BACK.match(text, one.span.start)
        and text[one.span.end : following.span.start] == " "
        and following.span.end - one.span.start <= LONGEST_PAIR
    ]
    return [*units, *joined]


def may_answer(query: Query, view: SentenceView) -> bool:
    """Whether a sentence can answer at all: it holds something of the wanted kind, and what is
    counted ("How many Chadian fighters …") occurs in it.
    """
    return holds_kind(query, view) and counts_it(query, view)


def holds_kind(query: Query, view: SentenceView) -> bool:
    """Whether a sentence is no scrap and holds something of the wanted kind."""
    if len(view.tokens) < SHORTEST:
        return False
    return query.question.kind not in NEEDS_MENTION or bool(view.answers)


def counts_it(query: Query, view: SentenceView) -> bool:
    """Whether what is counted is met, on the whole ("foreign forces" for "foreign fighters"), and
    any name in it by that name; true where the question asks for no count.
    """
    met = _head_met(query, view)
    return counts_named(query, view) and (not met or sum(met.values()) / len(met) >= COUNTED)


def counts_named(query: Query, view: SentenceView) -> bool:
    """Whether any name in what is counted is met by that name ("Turkish soldiers"), and some
    figure counts no others: "Turkey sent thousands of men from Syria" counts no Turks.
    """
    names = {term.stem for term in query.question.head if term.is_name}
    met = all(value >= NAMED for stem, value in _head_met(query, view).items() if stem in names)
    if not met or not names or query.question.kind is not Kind.COUNT:
        return met
    rows = [n for n, want in enumerate(query.wanted) if want.term.stem in names]
    others = [_counts_others(figure, view, rows) for figure in view.answers]
    return not others or not all(others)


def _counts_others(figure: Mention, view: SentenceView, rows: Sequence[int]) -> bool:
    """Whether what follows a figure is of another people or country than the rows ask for."""
    behind = [
        one
        for one in mentions(view.text)
        if one.kinds & {Kind.COUNTRY, Kind.PEOPLE}
        and _OF_THESE.fullmatch(view.text[figure.end : max(one.start, figure.end)])
    ]
    named = [
        n
        for n, token in enumerate(view.tokens)
        if any(one.start < token.end and token.start < one.end for one in behind)
    ]
    return bool(behind) and float(view.met[np.ix_(rows, named)].max(initial=0)) < NAMED


def _head_met(query: Query, view: SentenceView) -> dict[str, float]:
    """How far each word of what is counted is met; empty where no count is asked for."""
    if query.question.kind is not Kind.COUNT:
        return {}
    head = {term.stem for term in query.question.head if term.word not in ANYONE}
    return {
        want.term.stem: float(view.best[place])
        for place, want in enumerate(query.wanted)
        if want.term.stem in head
    }
