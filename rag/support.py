"""Does evidence support a claim? By a trained model, and by rules for figures, dates and names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.article import Span
from index.sentences import split_sentences
from index.words import terms
from rag.answer import Support
from rag.facts import unfounded
from rag.reader_model import Reading, read_pairs, settings

WINDOW = 480  # characters of evidence read together, as in training
READ = 3  # sentences and windows of a long evidence that are read: those with most of its words
LONGEST = 2000  # characters of a claim; no sentence is that long, and it is not supported
ALTERED = 0.1  # what a figure, date or name that the evidence lacks leaves of the probability


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether evidence supports a claim, how probably, and where it says so.

    `span` is the part of the evidence that was read for it; `missing` are the claim's figures,
    dates and names that the evidence does not hold.
    """

    support: Support
    probability: float
    span: Span
    missing: tuple[str, ...] = ()


class SupportChecker(Protocol):
    """Checks claims against evidence; replaceable."""

    def check_all(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """A verdict for each (claim, evidence) pair, in the order given."""
        ...


def windows(evidence: str) -> list[Span]:
    """Runs of sentences of at most WINDOW characters, each beginning with another sentence."""
    spans = split_sentences(evidence)
    found: list[Span] = []
    for first, span in enumerate(spans):
        last = span
        for following in spans[first:]:
            if following.end - span.start > WINDOW:
                break
            last = following
        if not found or last.end > found[-1].end:
            found.append(Span(span.start, last.end))
    return found


def _nearest(claim: str, evidence: str) -> list[Span]:
    """What to read: the sentences, and the windows, that share most words with the claim.

    Alone, a sentence is judged more surely than among others that have nothing to do with it.
    """
    wanted = set(terms(claim))

    def shared(span: Span) -> int:
        return len(wanted & set(terms(evidence[span.start : span.end])))

    found: dict[Span, None] = {}
    for spans in (split_sentences(evidence), windows(evidence)):
        best = sorted(spans, key=lambda span: (-shared(span), span.start))[:READ]
        found.update(dict.fromkeys(best))
    return list(found)


class ModelChecker:
    """The trained reader's judgement, lowered where a figure, date or name is not there."""

    def check_all(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """A verdict for each (claim, evidence) pair, in the order given.

        Evidence without a sentence, an empty claim and one of over 2,000 characters support
        nothing. Raises ModelError when the model cannot be used.
        """
        spans = [
            _nearest(claim, evidence) if claim.strip() and len(claim) <= LONGEST else []
            for claim, evidence in pairs
        ]
        asked = [
            (claim, evidence[span.start : span.end])
            for (claim, evidence), near in zip(pairs, spans, strict=True)
            for span in near
        ]
        readings = iter(read_pairs(asked))
        return [
            _verdict(claim, evidence, near, [next(readings) for _ in near])
            for (claim, evidence), near in zip(pairs, spans, strict=True)
        ]


def _verdict(
    claim: str, evidence: str, spans: Sequence[Span], readings: Sequence[Reading]
) -> Verdict:
    if not readings:
        return Verdict("unsupported", 0.0, Span(0, 0))
    best = max(range(len(readings)), key=lambda place: readings[place].relation[0])
    missing = unfounded(claim, evidence)
    probability = float(readings[best].relation[0]) * (ALTERED if missing else 1.0)
    limits = settings()["support"]
    support: Support = "unsupported"
    if probability >= limits["partial"]:
        support = "supported" if probability >= limits["supported"] else "partial"
    return Verdict(support, probability, spans[best], missing)
