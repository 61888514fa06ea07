"""Look at a sentence with the question's eyes: which words it meets, what in it could answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.words import STOPWORDS, Token, fold, stem, tokens
from rag.lexicon import likeness
from rag.mention import Mention
from rag.mentions import mentions
from rag.understand import Kind, Question
from rag.weigh import KIN, Wanted

Numbers = NDArray[np.float32]

LIKE_FROM, LIKE_TO = 0.3, 0.75  # below: another meaning; above: as good as the same word
ANYBODY = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.COUNTRY})
QUANTITIES = frozenset({Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.EXTENT})
SUM_FROM = 1000
ALIKE = 0.9  # the most that another word is worth


def met(wanted: Sequence[Wanted], found: Sequence[Token]) -> tuple[Numbers, Numbers]:
    """How far each wanted term is met by each token: (terms, tokens), exactly and by meaning."""
    exact = np.zeros((len(wanted), len(found)), dtype=np.float32)
    for row, want in enumerate(wanted):
        for column, token in enumerate(found):
            exact[row, column] = want.stems.get(token.stem, 0.0)
        _meet_groups(exact[row], want, found)
    alike = likeness([w.term.word for w in wanted], [t.word for t in found])
    loose = np.clip((alike - LIKE_FROM) / (LIKE_TO - LIKE_FROM), 0, ALIKE)
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
    """Whether a mention is of the wanted kind.

    A country is no answer to "which province"; a plain "who" may be a body as well as a person.
    """
    if question.kind is Kind.PLACE and question.kind_stems and Kind.COUNTRY in mention.kinds:
        return False
    if question.kind is Kind.PERSON and not question.kind_stems:
        return bool(mention.kinds & ANYBODY)
    if question.asks_much:
        return bool(mention.kinds & QUANTITIES)
    if Kind.EXTENT in mention.kinds and question.kind is Kind.COUNT and question.head:
        # "400-year-old" counts no members; "ten minutes" counts minutes.
        return any(stem(part) == question.head[-1].stem for part in mention.key.split()[1:])
    if question.kind is Kind.EXTENT and question.asks_age:
        return bool(mention.kinds & {Kind.EXTENT, Kind.COUNT})  # "He was 68."
    if question.kind is Kind.MONEY and Kind.COUNT in mention.kinds:
        return _is_large(mention)
    return question.kind in mention.kinds


def _is_large(mention: Mention) -> bool:
    """Whether a bare figure may be a sum of money: "The roof has cost 27.1 million"."""
    try:
        return float(mention.key) >= SUM_FROM
    except ValueError:
        return False


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
