"""How well each sentence of a passage meets a question, in numbers.

The same numbers serve the choice of the sentence and the decision whether the articles say it at
all; `rag/weights.json` holds what was learnt about them (training/fit_features.py).
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.words import tokens
from rag.understand import Kind, Question
from rag.view import Numbers, SentenceView, met
from rag.weigh import Wanted

LONE_ITEM = 0.3  # what a single item is worth where a list is asked for
FADE = 60  # characters over which closeness to an answer falls to a third
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
    "is_question",
    "length",
)


def _share(values: Numbers, weights: Numbers, rows: NDArray[np.bool_] | None = None) -> float:
    """Weighted mean of the chosen values; 1 when none is chosen, for nothing is missing then."""
    if rows is not None:
        values, weights = values[rows], weights[rows]
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else 1.0


def _near(view: SentenceView, weights: Numbers) -> float:
    """How close the best answer stands to the terms that the sentence meets, 0 to 1."""
    if not view.met.size:
        return 0.0
    centres = np.array([(t.start + t.end) / 2 for t in view.tokens])
    best = 0.0
    for answer in view.answers:
        outside = np.array([t.end <= answer.start or t.start >= answer.end for t in view.tokens])
        gap = np.maximum(np.maximum(answer.start - centres, centres - answer.end), 0)
        closeness = np.exp(-gap / FADE) * outside
        best = max(best, _share((view.met * closeness).max(axis=1, initial=0), weights))
    return best


_REASON = re.compile(
    r"\b(?:because|due to|so that|in order to|to avoid|to prevent|since|as a result|owing to|"
    r"aimed (?:at|to)|thanks to|caused by|led to|blamed|reason|so as to|given that|for fear|amid|"
    r"after|wanted|in response)\b"
)


def _kind_present(view: SentenceView, question: Question) -> float:
    """Whether a sentence holds the kind of answer wanted; half where any sentence might."""
    if question.kind is Kind.OTHER:
        return 0.5
    if question.kind is Kind.REASON:
        return float(bool(_REASON.search(view.text.casefold())))
    if question.wants_list and len(view.answers) == 1:
        return LONE_ITEM
    return float(bool(view.answers))


def _counted_near(view: SentenceView, question: Question, wanted: Sequence[Wanted]) -> float:
    """Whether the counted noun follows the number: "20,000 foreign fighters"."""
    if question.kind is not Kind.COUNT or not question.head:
        return 0.0
    noun = question.head[-1].stem
    rows = [row for row, w in enumerate(wanted) if w.term.stem == noun]
    if not rows:
        return 0.0
    best = 0.0
    for answer in view.answers:
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
    title: str | None,
) -> Numbers:
    """The numbers of `NAMES` for each sentence: (sentences, features).

    `likenesses` are the cosines of question and sentence vectors; `title` is the article's.
    """
    weights = np.array([w.weight for w in wanted], dtype=np.float32)
    names = np.array([w.term.is_name for w in wanted], dtype=bool)
    numbers = np.array([w.term.is_number for w in wanted], dtype=bool)
    bests = [view.best for view in views]
    titled = met(wanted, list(tokens(title or "")))[1].max(axis=1, initial=0)
    whole = np.max([titled, *bests], axis=0)
    rows = np.zeros((len(views), len(NAMES)), dtype=np.float32)
    top = float(weights.max(initial=0)) or 1.0
    for place, view in enumerate(views):
        own = bests[place]
        around, reach = _with_neighbours(bests, place, whole)
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
            _kind_present(view, question),
            _near(view, weights),
            _counted_near(view, question, wanted),
            _head_met(own, question, wanted),
            float(view.text.rstrip("\"'”’").endswith("?")),
            min(len(view.tokens), 60) / 60,
        )
    return rows


def _with_neighbours(
    bests: Sequence[Numbers], place: int, whole: Numbers
) -> tuple[Numbers, Numbers]:
    """How well each term is met by a sentence with its neighbours, and with its passage."""
    own = bests[place]
    before = bests[place - 1] if place else np.zeros_like(own)
    after = bests[place + 1] if place + 1 < len(bests) else np.zeros_like(own)
    around = np.maximum(own, np.maximum(0.8 * before, 0.4 * after))
    reach = np.maximum(own, np.maximum(0.8 * before, 0.6 * whole))
    return around, reach


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
