"""Read with the trained reader: which sentence answers, how surely, and with which words.

Its own scores and what the features make of the sentence are weighed together by a logistic model
fitted on held-out articles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.words import STOPWORDS, tokens
from rag.mentions import mentions
from rag.read import NEEDS_MENTION, Finding, Judged, counts_it, counts_named, holds_kind, judge
from rag.reader_model import Reading, Span, read_pairs, settings
from rag.retrieve import Candidate, Query, titled
from rag.shorten import Short, dated, nearest, shorten
from rag.understand import Kind
from rag.view import SentenceView

WINDOWS = 6  # passages read for one question: the best ones, about 18 ms each on two cores
EXACT_KINDS = frozenset({Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.EXTENT, Kind.DATE})
SIGNALS = ("margin", "features")
# Log-odds taken from a sentence that holds nothing of the wanted kind: of a figure or date, which
# are found surely, and of a name; and from one that counts other things than were asked. LONE is
# taken in choosing, not in deciding, from one with a single item where a list is asked for. Not
# fitted; chosen with gold questions in view, where they help (docs/decisions.md).
UNFIT_FIGURE, UNFIT, UNCOUNTED, LONE = 3.5, 1.6, 2.0, 0.7


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence as read: its best words (offsets in it), its signals in SIGNALS' order, and the
    log-odds taken from it because it does not fit the kind of question; `lone` those taken when
    it is compared with others.

    The signals are the margin of the words over "no answer here", and the log-odds of the
    feature-based reader.
    """

    judged: Judged
    words: Span
    signals: tuple[float, float]
    doubt: float
    lone: float

    @property
    def odds(self) -> float:
        """The log-odds that the sentence answers."""
        fitted = settings()["answers"]
        weighed = sum(
            fitted[name] * value for name, value in zip(SIGNALS, self.signals, strict=True)
        )
        return float(weighed + fitted["bias"] - self.doubt)


class ModelReader:
    """The trained reader of rag/reader_model.py, behind the `Reader` seam."""

    @property
    def enough(self) -> float:
        """The least probability of an answer, chosen on held-out rows."""
        return float(1 / (1 + np.exp(-settings()["threshold"])))

    def read(self, query: Query, candidates: Sequence[Candidate]) -> list[Finding]:
        """Every sentence that could answer, best first. Raises ModelError without its weights."""
        chosen = candidates[:WINDOWS]
        readings = read_pairs([(query.asked, titled(found)) for found in chosen])
        findings = [
            _finding(query, candidate, one)
            for candidate, reading in zip(chosen, readings, strict=True)
            for one in read_sentences(query, candidate, reading)
        ]
        return sorted(findings, key=lambda finding: -finding.score)


def read_sentences(query: Query, candidate: Candidate, reading: Reading) -> list[Read]:
    """The sentences of a passage that hold a word, in order; for a count, those that count what
    was asked: a wrong figure is worse than none.
    """
    shift = len(titled(candidate)) - len(candidate.text)
    found = []
    for judged in judge(query, candidate):
        start, end = judged.unit.span.start, judged.unit.span.end
        best = reading.best_span(shift + start, shift + end)
        if best is not None and counts_named(query, judged.view):
            offset = shift + start
            words = Span(best.start - offset, best.end - offset, best.margin)
            signals = (best.margin, judged.odds)
            doubt, lone = _doubt(query, judged.view), _lone(query, judged.view)
            found.append(Read(judged, words, signals, doubt, lone))
    return found


def _doubt(query: Query, view: SentenceView) -> float:
    if not holds_kind(query, view):
        return UNFIT_FIGURE if query.question.kind in EXACT_KINDS else UNFIT
    return 0.0 if counts_it(query, view) else UNCOUNTED


def _lone(query: Query, view: SentenceView) -> float:
    asks_for_several = query.question.wants_list and query.question.kind in NEEDS_MENTION
    return LONE if asks_for_several and len(view.answers) == 1 else 0.0


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
        return shorten(question, query.wanted, view) or _plain(view.text, words)
    touched = [one for one in view.answers if one.start < words.end and one.end > words.start]
    if not touched and view.answers and _names_asked(query, view, words):
        people = [one for one in view.answers if Kind.PERSON in one.kinds] or view.answers
        touched = [nearest(people, view, question, query.wanted)]
        words = Span(touched[0].start, touched[0].end, words.margin)
    if not touched:
        return _plain(view.text, words)
    exact = question.kind in EXACT_KINDS
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
