"""How well each sentence of a passage meets a question, in numbers.

The same numbers serve the choice of the sentence and the decision whether the articles say it at
all; `rag/weights.json` holds what was learnt about them (training/fit_reader.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.words import Token, stem, tokens
from rag.lexicon import kin, likeness, rarity
from rag.mentions import Mention, mentions
from rag.understand import Kind, Question, Term

Numbers = NDArray[np.float32]

LIKE_FROM, LIKE_TO = 0.3, 0.75  # below: another meaning; above: as good as the same word
KIN = 0.9  # "Libyan" meets "Libya"
NAMES = (
    "coverage",
    "coverage_with_neighbours",
    "coverage_of_passage",
    "exact_coverage",
    "worst_missing",
    "worst_missing_of_passage",
    "names_met",
    "names_met_in_passage",
    "verbs_and_nouns_met",
    "numbers_met",
    "pairs_met",
    "likeness",
    "likeness_of_passage",
    "answer_kind_present",
    "answer_near_terms",
    "counted_noun_near",
    "head_met",
    "reason_given",
    "is_question",
    "length",
    "first_sentences",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term of the question with its weight and the index terms that count as meeting it."""

    term: Term
    weight: float
    stems: Mapping[str, float]


def weigh(
    question: Question,
    chunks: int,
    word_counts: Callable[[Iterable[str]], Mapping[str, int]],
    spellings: Callable[[Term], Mapping[str, float]],
) -> list[Wanted]:
    """Weigh the terms of a question: rare in the collection and rare in English weighs most.

    `word_counts` says in how many of the collection's `chunks` index terms occur; `spellings`
    gives other index terms that meet a term, and how surely.
    """
    meets = [
        {stem(name): KIN for name in kin(term.word)} | dict(spellings(term)) | {term.stem: 1.0}
        for term in question.terms
    ]
    counts = word_counts({found for stems in meets for found in stems})
    wanted = []
    for term, stems in zip(question.terms, meets, strict=True):
        chunks_with = max(counts.get(found, 0) for found in stems)
        inverse = np.log((chunks + 1) / (chunks_with + 0.5)) / np.log((chunks + 1) / 0.5)
        weight = 0.5 * max(float(inverse), 0.0) + 0.5 * rarity(term.word) ** 2
        wanted.append(Wanted(term, max(weight, 0.05), stems))
    return wanted


def met(wanted: Sequence[Wanted], found: Sequence[Token]) -> tuple[Numbers, Numbers]:
    """How far each wanted term is met by each token: (terms, tokens), exactly and by meaning."""
    exact = np.zeros((len(wanted), len(found)), dtype=np.float32)
    for row, want in enumerate(wanted):
        for column, token in enumerate(found):
            exact[row, column] = want.stems.get(token.stem, 0.0)
        _meet_parts(exact[row], want, found)
    alike = likeness([w.term.word for w in wanted], [t.word for t in found])
    loose = np.clip((alike - LIKE_FROM) / (LIKE_TO - LIKE_FROM), 0, 0.9)
    fixed = [row for row, w in enumerate(wanted) if w.term.is_name or w.term.is_number]
    loose[fixed] = 0  # one name or number never stands for another
    return exact, np.maximum(exact, loose).astype(np.float32)


def _meet_parts(row: Numbers, want: Wanted, found: Sequence[Token]) -> None:
    """A hyphenated word is met by all its parts: "pro-regime" by "pro … regime"."""
    if want.term.parts and set(want.term.parts) <= {token.stem for token in found}:
        for column, token in enumerate(found):
            if token.stem in want.term.parts:
                row[column] = max(row[column], KIN)


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence's tokens, mentions and matches; offsets count from the passage's start."""

    span: Span
    text: str
    tokens: list[Token]
    mentions: list[Mention]
    exact: Numbers
    met: Numbers

    def answers(self, question: Question) -> list[Mention]:
        """Mentions of the wanted kind that the question does not itself hold."""
        return [m for m in self.mentions if question.kind in m.kinds and not _repeats(m, question)]


def _repeats(mention: Mention, question: Question) -> bool:
    """Whether the question itself names the mention, wholly or by its last word (a surname)."""
    stems = {term.stem for term in question.terms}
    found = [token.stem in stems for token in tokens(mention.key)]
    return all(found) or (Kind.PERSON in mention.kinds and found[-1])


def view_sentences(
    passage: str, spans: Sequence[Span], wanted: Sequence[Wanted]
) -> list[SentenceView]:
    """Read each sentence of a passage once; spans are relative to the passage."""
    views = []
    for span in spans:
        text = passage[span.start : span.end]
        found = list(tokens(text))
        exact, loose = met(wanted, found)
        best = np.zeros(len(wanted), dtype=np.float32)
        views.append(
            SentenceView(
                span,
                text,
                found,
                mentions(text),
                exact.max(axis=1, initial=0) if found else best,
                loose,
            )
        )
    return views


def _best(view: SentenceView) -> Numbers:
    return view.met.max(axis=1, initial=0)


def _share(values: Numbers, weights: Numbers, rows: NDArray[np.bool_] | None = None) -> float:
    """Weighted mean of the chosen values; 1 when none is chosen, for nothing is missing then."""
    if rows is not None:
        values, weights = values[rows], weights[rows]
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else 1.0


def _near(view: SentenceView, answers: Sequence[Mention], weights: Numbers) -> float:
    """How close the best answer stands to the terms that the sentence meets, 0 to 1."""
    if not answers or not view.met.size:
        return 0.0
    centres = np.array([(t.start + t.end) / 2 for t in view.tokens])
    best = 0.0
    for answer in answers:
        outside = np.array([t.end <= answer.start or t.start >= answer.end for t in view.tokens])
        gap = np.maximum(np.maximum(answer.start - centres, centres - answer.end), 0)
        closeness = np.exp(-gap / 60) * outside
        best = max(best, _share((view.met * closeness).max(axis=1, initial=0), weights))
    return best


_REASON = ("because", "due to", "so that", "in order to", " to avoid", "since ", "as a result", "owing to",
           "aimed at", "aimed to", "thanks to", "caused by", "led to", "blamed", "reason", "so as to", "given that", "for fear", "amid", "after ")


def _counted_near(view: SentenceView, question: Question, wanted: Sequence[Wanted]) -> float:
    """Whether the counted noun follows the number: "20,000 foreign fighters"."""
    if question.kind is not Kind.COUNT or not question.head:
        return 0.0
    noun = question.head[-1].stem
    rows = [row for row, w in enumerate(wanted) if w.term.stem == noun]
    if not rows:
        return 0.0
    best = 0.0
    for answer in view.answers(question):
        for column, token in enumerate(view.tokens):
            if answer.end <= token.start <= answer.end + 40:
                best = max(best, float(view.met[rows[0], column]))
    return best


def sentence_features(
    question: Question,
    wanted: Sequence[Wanted],
    views: Sequence[SentenceView],
    likenesses: Numbers,
    passage_likeness: float,
    first: bool,
) -> Numbers:
    """The numbers of `NAMES` for each sentence: (sentences, features).

    `likenesses` are the cosines of question and sentence vectors; `first` says that the passage
    opens its article.
    """
    weights = np.array([w.weight for w in wanted], dtype=np.float32)
    names = np.array([w.term.is_name for w in wanted], dtype=bool)
    numbers = np.array([w.term.is_number for w in wanted], dtype=bool)
    bests = [_best(view) for view in views]
    whole = np.max(bests, axis=0) if bests and len(wanted) else np.zeros(len(wanted), np.float32)
    rows = np.zeros((len(views), len(NAMES)), dtype=np.float32)
    top = float(weights.max(initial=0)) or 1.0
    for place, view in enumerate(views):
        own = bests[place]
        before = bests[place - 1] if place else np.zeros_like(own)
        after = bests[place + 1] if place + 1 < len(views) else np.zeros_like(own)
        around = np.maximum(own, np.maximum(0.8 * before, 0.4 * after))
        reach = np.maximum(own, np.maximum(0.8 * before, 0.6 * whole))
        answers = view.answers(question)
        lowered = view.text.casefold()
        rows[place] = (
            _share(own, weights),
            _share(around, weights),
            _share(whole, weights),
            _share(view.exact, weights),
            float((weights * (1 - around)).max(initial=0)) / top,
            float((weights * (1 - reach)).max(initial=0)) / top,
            _share(around, weights, names),
            _share(reach, weights, names),
            _share(own, weights, ~names & ~numbers),
            _share(around, weights, numbers),
            _pairs(own, weights),
            float(likenesses[place]),
            passage_likeness,
            float(bool(answers)) if question.kind is not Kind.OTHER else 0.5,
            _near(view, answers, weights),
            _counted_near(view, question, wanted),
            _head_met(own, question, wanted),
            float(question.kind is Kind.REASON and any(r in lowered for r in _REASON)),
            float(view.text.rstrip("\"'”’").endswith("?")),
            min(len(view.tokens), 60) / 60,
            float(first and place < 2),
        )
    return rows


def _pairs(own: Numbers, weights: Numbers) -> float:
    """Neighbouring terms of the question that are both met."""
    if len(own) < 2:
        return float(own.sum())
    both = np.minimum(own[1:], own[:-1])
    return _share(both, np.minimum(weights[1:], weights[:-1]))


def _head_met(own: Numbers, question: Question, wanted: Sequence[Wanted]) -> float:
    """Whether the noun asked for occurs: "Which airline" wants an airline."""
    stems = {term.stem for term in question.head}
    rows = [row for row, want in enumerate(wanted) if want.term.stem in stems]
    return float(own[rows].mean()) if rows else 0.5
