"""How well each sentence of a passage meets a question, in numbers.

The same numbers serve the choice of the sentence and the decision whether the articles say it at
all; `rag/weights.json` holds what was learnt about them (training/fit_reader.py).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.words import STOPWORDS, Token, fold, stem, tokens
from rag.lexicon import kin, likeness, rarity
from rag.mention import Mention
from rag.mentions import mentions
from rag.spelling import Spelling
from rag.understand import Kind, Question, Term

Numbers = NDArray[np.float32]

LIKE_FROM, LIKE_TO = 0.3, 0.75  # below: another meaning; above: as good as the same word
KIN = 0.9  # "Libyan" meets "Libya", "UN" meets "United Nations"
LONE_ITEM = 0.3  # what a single item is worth where a list is asked for
KIND_SHARE = 0.5  # "Which airline …": the answer is often not called an airline
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term of the question, its weight, and what counts as meeting it.

    `stems` are index terms that meet it alone, and how surely; `groups` are runs of index terms
    that meet it together ("pro … regime", "united nations").
    """

    term: Term
    weight: float
    stems: Mapping[str, float]
    groups: tuple[tuple[str, ...], ...]


def weigh(
    question: Question,
    chunks: int,
    word_counts: Callable[[Iterable[str]], Mapping[str, int]],
    spelling: Spelling,
) -> list[Wanted]:
    """Weigh the terms of a question: rare in the collection and rare in English weighs most.

    `word_counts` says in how many of the collection's `chunks` index terms occur.
    """
    meets = [
        {stem(name): KIN for name in kin(term.word)}
        | dict(spelling.variants.get(term.stem, {}))
        | {term.stem: 1.0}
        for term in question.terms
    ]
    counts = word_counts({found for stems in meets for found in stems})
    wanted = []
    for term, stems in zip(question.terms, meets, strict=True):
        chunks_with = max(counts.get(found, 0) for found in stems)
        inverse = np.log((chunks + 1) / (chunks_with + 0.5)) / np.log((chunks + 1) / 0.5)
        weight = 0.5 * max(float(inverse), 0.0) + 0.5 * rarity(term.word) ** 2
        if term.stem in question.kind_stems:
            weight *= KIND_SHARE
        groups = tuple(g for g in (term.parts, spelling.groups.get(term.stem)) if g)
        wanted.append(Wanted(term, max(weight, 0.05), stems, groups))
    return wanted


def met(wanted: Sequence[Wanted], found: Sequence[Token]) -> tuple[Numbers, Numbers]:
    """How far each wanted term is met by each token: (terms, tokens), exactly and by meaning."""
    exact = np.zeros((len(wanted), len(found)), dtype=np.float32)
    for row, want in enumerate(wanted):
        for column, token in enumerate(found):
            exact[row, column] = want.stems.get(token.stem, 0.0)
        _meet_groups(exact[row], want, found)
    alike = likeness([w.term.word for w in wanted], [t.word for t in found])
    loose = np.clip((alike - LIKE_FROM) / (LIKE_TO - LIKE_FROM), 0, 0.9)
    fixed = [row for row, w in enumerate(wanted) if w.term.is_name or w.term.is_number]
    loose[fixed] = 0  # one name or number never stands for another
    return exact, np.maximum(exact, loose).astype(np.float32)


def _meet_groups(row: Numbers, want: Wanted, found: Sequence[Token]) -> None:
    """A term is met where all words of one of its groups occur: "pro-regime" by "pro … regime"."""
    stems = {token.stem for token in found} if want.groups else set()
    for group in want.groups:
        if stems.issuperset(group):
            for column, token in enumerate(found):
                if token.stem in group:
                    row[column] = max(row[column], KIN)


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with its words and how it meets the question.

    `answers` are its mentions of the wanted kind that the question does not itself name. `exact`
    (terms,) counts the same words only; `met` (terms, tokens) counts words alike as well.
    """

    text: str
    tokens: list[Token]
    answers: list[Mention]
    exact: Numbers
    met: Numbers

    @property
    def best(self) -> Numbers:
        """How far each term is met by the word that meets it best: (terms,)."""
        found: Numbers = self.met.max(axis=1, initial=0)
        return found


def _repeats(mention: Mention, asked: frozenset[str]) -> bool:
    """Whether the question itself names the mention, wholly or by its last word (a surname)."""
    found = [token.stem in asked for token in tokens(mention.key)]
    return all(found) or (Kind.PERSON in mention.kinds and found[-1])


def _fits(mention: Mention, question: Question) -> bool:
    """Whether a mention is of the wanted kind; a country is no answer to "which province"."""
    if question.kind is Kind.PLACE and question.kind_stems and Kind.COUNTRY in mention.kinds:
        return False
    return question.kind in mention.kinds


def _without_asked(mention: Mention, text: str, asked: frozenset[str]) -> Mention:
    """A name without the words before it that the question holds.

    "Government of National Unity Najla Mangoush" reads as one name; to a question about that
    government the answer in it is "Najla Mangoush".
    """
    if Kind.NAME not in mention.kinds:
        return mention
    for token in tokens(text[mention.start : mention.end]):
        if token.stem not in asked and token.word not in STOPWORDS:
            start = mention.start + token.start
            key = fold(text[start : mention.end])
            return replace(mention, start=start, core=start, key=key)
    return mention


def view_sentences(
    question: Question, wanted: Sequence[Wanted], passage: str, spans: Sequence[Span]
) -> list[SentenceView]:
    """Read each sentence of a passage once; spans are relative to the passage."""
    asked = frozenset(found for want in wanted for found in want.stems)
    views = []
    for span in spans:
        text = passage[span.start : span.end]
        found = list(tokens(text))
        exact, loose = met(wanted, found)
        answers = [
            _without_asked(mention, text, asked)
            for mention in mentions(text)
            if _fits(mention, question) and not _repeats(mention, asked)
        ]
        views.append(SentenceView(text, found, answers, exact.max(axis=1, initial=0), loose))
    return views


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
        closeness = np.exp(-gap / 60) * outside
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
        before = bests[place - 1] if place else np.zeros_like(own)
        after = bests[place + 1] if place + 1 < len(views) else np.zeros_like(own)
        around = np.maximum(own, np.maximum(0.8 * before, 0.4 * after))
        reach = np.maximum(own, np.maximum(0.8 * before, 0.6 * whole))
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
