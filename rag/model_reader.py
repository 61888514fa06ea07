"""Read with the trained reader: which sentence answers, how surely, and with which words."""

from collections.abc import Sequence

import numpy as np

from index.article import Span as TextSpan
from index.words import STOPWORDS, tokens
from rag.mention import Mention
from rag.read import Finding, Unit, join_lists
from rag.reader_model import Reading, Span, read_pairs, settings
from rag.retrieve import Candidate, Query, titled
from rag.shorten import Short, shorten
from rag.understand import Kind, Question
from rag.view import SentenceView, view_sentences

WINDOWS = 8  # passages read for one question: the best ones; each costs 10 ms
EXACT_KINDS = frozenset({Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.EXTENT, Kind.DATE})


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
            finding
            for found, reading in zip(chosen, readings, strict=True)
            for finding in _findings(query, found, reading)
        ]
        return sorted(findings, key=lambda finding: -finding.score)


def _findings(query: Query, candidate: Candidate, reading: Reading) -> list[Finding]:
    start, text = candidate.stored.chunk.start, candidate.text
    shift = len(titled(candidate)) - len(text)
    spans = [TextSpan(s.start - start, s.end - start) for s in candidate.stored.chunk.sentences]
    units = join_lists(text, spans)
    views = view_sentences(query.question, query.wanted, text, [unit.span for unit in units])
    found = []
    for unit, view in zip(units, views, strict=True):
        best = reading.best_span(shift + unit.span.start, shift + unit.span.end)
        if best is not None:
            odds = _odds(best.margin, reading.relevance)
            words = Span(
                best.start - shift - unit.span.start,
                best.end - shift - unit.span.start,
                best.margin,
            )
            found.append(_finding(query, candidate, unit, view, words, odds))
    return found


def _odds(margin: float, relevance: float) -> float:
    fitted = settings()["answers"]
    return float(fitted["margin"] * margin + fitted["relevance"] * relevance + fitted["bias"])


def _finding(
    query: Query, candidate: Candidate, unit: Unit, view: SentenceView, words: Span, odds: float
) -> Finding:
    start = candidate.stored.chunk.start
    return Finding(
        candidate,
        unit.first,
        TextSpan(start + unit.span.start, start + unit.span.end),
        odds,
        float(1 / (1 + np.exp(-odds))),
        short_answer(query, view, words),
    )


def short_answer(query: Query, view: SentenceView, words: Span) -> Short | None:
    """The model's words, or the whole figure, date or list that they are part of.

    A figure keeps its hedge: "at least 20,000", not "20,000".
    """
    question = query.question
    if question.kind is Kind.REASON or question.wants_list:
        return shorten(question, query.wanted, view) or _plain(view.text, words)
    touched = [one for one in view.answers if one.start < words.end and one.end > words.start]
    if touched and _whole(question, touched[0], words):
        return Short(view.text[touched[0].start : touched[0].end], touched[0].key)
    return _plain(view.text, words)


def _whole(question: Question, mention: Mention, words: Span) -> bool:
    """Whether a mention says the same as the model's words, only completely."""
    inside = mention.start <= words.start and words.end <= mention.end
    return inside or question.kind in EXACT_KINDS


def _plain(text: str, words: Span) -> Short | None:
    said = text[words.start : words.end].strip()
    stems = [token.stem for token in tokens(said) if token.word not in STOPWORDS]
    return Short(said, " ".join(stems)) if stems else None
