"""Read with the trained reader: which sentence answers, how surely, and with which words.

Its own scores and what the features make of the sentence are weighed together by a logistic model
fitted on held-out articles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.words import STOPWORDS, tokens
from rag.attributed import names_source
from rag.mention import Mention
from rag.mentions import mentions
from rag.prose import as_prose
from rag.read import NEEDS_MENTION, SHORTEST, Finding, Judged, counts_named, holds_kind, judge
from rag.reader_model import Reading, Span, read_pairs, settings
from rag.retrieve import Candidate, Query, titled
from rag.roles import wrong_role
from rag.shorten import Short, dated, nearest, shorten
from rag.understand import EXACT_KINDS, Kind
from rag.view import SentenceView

WINDOWS = 6  # passages read for one question: the best ones, about 18 ms each on two cores
MISFITS = ("no_name", "restated", "beside")
SIGNALS = ("margin", "features", *MISFITS, "later")
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)  # "Which is longer, the Tagus or the Douro?"
_CLOSED = re.compile(r"[.!?][\"'”’)]*$")
# Answers to these often hold no figure or date: "when the war ended", "at noon", "every Sunday".
_OFTEN_WORDED = re.compile(r"\b(?:when|what time|how often)\b", re.IGNORECASE)
# Log-odds taken, in choosing only, where a list is asked for: from a single item, and from what
# holds no figure or date where such are listed.
LONE, NONE = 0.7, 2.0


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence as read: its best words (offsets in it), its signals in SIGNALS' order, and the
    log-odds taken from it when it is compared with others.

    The signals are the margin of the words over "no answer here", the log-odds of the
    feature-based reader, and -1 for each way in which the sentence or its words do not fit the
    question, 0 otherwise: no name where one is asked for, words that the question holds itself,
    words beside what is of the wanted kind. The last is how many passages were found before the one
    that holds it, negative too.
    """

    judged: Judged
    words: Span
    signals: tuple[float, ...]
    lone: float

    @property
    def odds(self) -> float:
        """The log-odds that the sentence answers."""
        fitted = settings()["answers"]
        weights = np.array([fitted[name] for name in SIGNALS])
        return float(weights @ np.array(self.signals) + fitted["bias"])


class ModelReader:
    """The trained reader of rag/reader_model.py, behind the `Reader` seam."""

    @property
    def enough(self) -> float:
        """The least probability of an answer, chosen on held-out rows."""
        return float(1 / (1 + np.exp(-settings()["threshold"])))

    def read(self, query: Query, candidates: Sequence[Candidate]) -> list[Finding]:
        """Every sentence that could answer, best first. Raises ModelError without its weights."""
        chosen = candidates[:WINDOWS]
        readings = read_pairs([(query.asked, readable(found)) for found in chosen])
        findings = [
            _finding(query, candidate, one)
            for place, (candidate, reading) in enumerate(zip(chosen, readings, strict=True))
            for one in read_sentences(query, candidate, reading, place)
        ]
        return sorted(findings, key=lambda finding: -finding.score)


def readable(candidate: Candidate) -> str:
    """A passage as the network reads it: as prose, under its article's title."""
    return titled(candidate).removesuffix(candidate.text) + as_prose(candidate.text)


def read_sentences(query: Query, candidate: Candidate, reading: Reading, place: int) -> list[Read]:
    """The sentences of a passage that could answer, in order; none where it does not name the
    source whose statement is asked for. Where a figure or date is asked for, a sentence must hold
    one, and for a count the count of what was asked: a wrong figure is worse than none. `place` is
    how many passages were found before.
    """
    if not names_source(query, titled(candidate)):
        return []
    shift = len(titled(candidate)) - len(candidate.text)
    found = []
    for judged in judge(query, candidate):
        start, end = judged.unit.span.start, judged.unit.span.end
        best = reading.best_span(shift + start, shift + end)
        if best is not None and could_answer(query, judged.view):
            offset = shift + start
            words = Span(best.start - offset, best.end - offset, best.margin)
            if wrong_role(query.asked, judged.view.text, words.start, words.end):
                continue
            fits = (-float(unfit) for unfit in misfits(query, judged.view, words))
            signals = (best.margin, judged.odds, *fits, -float(place))
            found.append(Read(judged, words, signals, lone(query, judged.view)))
    return found


def could_answer(query: Query, view: SentenceView) -> bool:
    """Whether a sentence has a figure or date where one is asked for, counts what is asked, and is
    no scrap, such as a name alone on its line.
    """
    exact = query.question.kind in EXACT_KINDS and not _OFTEN_WORDED.search(query.asked)
    scrap = len(view.tokens) < SHORTEST and not _CLOSED.search(view.text)
    return counts_named(query, view) and (bool(view.answers) or not exact) and not scrap


def misfits(query: Query, view: SentenceView, words: Span) -> tuple[bool, ...]:
    """What does not fit the question, in MISFITS' order."""
    exact = query.question.kind in EXACT_KINDS
    asked = {token.stem for token in tokens(query.asked)}
    said = _plain(view.text, words)
    restated = (
        said is not None and asked.issuperset(said.key.split()) and not _CHOICE.search(query.asked)
    )
    beside = bool(view.answers) and not _touched(view, words)
    return (
        not exact and not holds_kind(query, view),
        restated,
        beside and query.question.kind in NEEDS_MENTION,
    )


def _touched(view: SentenceView, words: Span) -> list[Mention]:
    """The mentions of the wanted kind that share a character with the words."""
    return [one for one in view.answers if one.start < words.end and one.end > words.start]


def lone(query: Query, view: SentenceView) -> float:
    """The log-odds taken where a list is asked for and a sentence has one item of it, or none."""
    question = query.question
    if not question.wants_list or question.kind not in NEEDS_MENTION or len(view.answers) > 1:
        return 0.0
    return LONE if view.answers else NONE * (question.kind in EXACT_KINDS)


def _finding(query: Query, candidate: Candidate, read: Read) -> Finding:
    short = short_answer(query, read.judged.view, read.words)
    return Finding(
        candidate,
        read.judged.unit.first,
        read.judged.span,
        read.odds - read.lone,
        float(1 / (1 + np.exp(-read.odds))),
        short and dated(short, read.judged.view.text, candidate.article.metadata.published),
    )


def short_answer(query: Query, view: SentenceView, words: Span) -> Short | None:
    """The model's words, or the whole figure, date or list that they are part of.

    A figure keeps its hedge: "at least 20,000", not "20,000".
    """
    question = query.question
    if question.kind is Kind.REASON or question.wants_list:
        # Without a short answer where several lists are there: the words may be of the other one.
        several = question.wants_list and bool(view.answers)
        found = shorten(question, query.wanted, view)
        return found if found or several else _plain(view.text, words)
    touched = _touched(view, words)
    if not touched and view.answers and _names_asked(query, view, words):
        people = [one for one in view.answers if Kind.PERSON in one.kinds] or view.answers
        touched = [nearest(people, view, question, query.wanted)]
        words = Span(touched[0].start, touched[0].end, words.margin)
    exact = question.kind in EXACT_KINDS
    touched = touched or (view.answers if exact else [])  # only a date says when
    if not touched:
        return _plain(view.text, words)
    chosen = nearest(touched, view, question, query.wanted) if exact else touched[0]
    if exact or (chosen.start <= words.start and words.end <= chosen.end):
        return Short(view.text[chosen.start : chosen.end], chosen.key)
    return _plain(view.text, words)


def _names_asked(query: Query, view: SentenceView, words: Span) -> bool:
    """Whether words are part of a name in the question: who met Lavrov is no "Foreign Minister"
    Lavrov.
    """
    if query.question.kind is not Kind.PERSON:
        return False
    asked = {stem for want in query.wanted if want.term.is_name for stem in want.stems}
    named = (
        m for m in mentions(view.text) if m.start <= words.end + 1 and m.end > words.start
    )  # also the name behind a title
    return any(token.stem in asked for m in named for token in tokens(view.text[m.start : m.end]))


def _plain(text: str, words: Span) -> Short | None:
    said = text[words.start : words.end].strip()
    stems = [token.stem for token in tokens(said) if token.word not in STOPWORDS]
    return Short(said, " ".join(stems)) if stems else None
