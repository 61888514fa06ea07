"""Does evidence support a claim? By a trained model, and by rules for figures, dates and names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.article import Span
from index.sentences import split_sentences
from index.words import terms
from rag.answer import Support
from rag.checking.coverage import covered
from rag.checking.evidence import Cited, Evidence, joined, parts
from rag.checking.objections import Objection, objections
from rag.checking.orders import is_order
from rag.reader_model import Reading, check_pairs, settings

WINDOW = 480  # characters of evidence read together, as in training
READ = 3  # sentences and windows of a long evidence that are read: those with most of its words
LONGEST = 2000  # characters of a claim; no sentence is that long, and it is not supported
# Of a claim's words; chosen on the development half of the pairs. With fewer than LEAST in the
# evidence it speaks of something else, which the network does not always see.
LEAST, MOST, NEARLY_ALL = 0.3, 0.6, 0.75
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
    objections: tuple[Objection, ...] = ()
    read: float = 0.0


class SupportChecker(Protocol):
    """Checks claims against evidence; replaceable."""

    def check_all(self, pairs: Sequence[tuple[str, Evidence]]) -> list[Verdict]:
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


def _nearest(claim: str, evidence: str, several: bool) -> list[Span]:
    """What to read: the sentences, and the windows, that share most words with the claim.

    Alone, a sentence is judged more surely than among others that have nothing to do with it.
    `several` quotes are also read all together.
    """
    wanted = set(terms(claim))

    def shared(span: Span) -> int:
        return len(wanted & set(terms(evidence[span.start : span.end])))

    found: dict[Span, None] = {}
    orders = [
        span for span in split_sentences(evidence) if is_order(evidence[span.start : span.end])
    ]

    def reports(span: Span) -> bool:
        return all(span.end <= order.start or order.end <= span.start for order in orders)

    for spans in (split_sentences(evidence), windows(evidence)):
        spans = [span for span in spans if reports(span)]
        best = sorted(spans, key=lambda span: (-shared(span), span.start))[:READ]
        found.update(dict.fromkeys(best))
    if several and found and not orders and len(evidence) <= LONGEST:
        found[Span(0, len(evidence))] = None
    return list(found)


def _within(evidence: Evidence, span: Span) -> tuple[Cited, ...]:
    """The cited words in a span of the joined evidence; what precedes them there is `before`."""
    found, offset = [], 0
    for part in parts(evidence):
        start, end = max(span.start - offset, 0), min(span.end - offset, len(part.quote))
        if start < end:
            before = part.before + part.quote[:start]
            found.append(Cited(part.quote[start:end], before, part.published))
        offset += len(part.quote) + 1
    return tuple(found)


class ModelChecker:
    """The trained reader's judgement, lowered where rules object to what it read."""

    def check_all(self, pairs: Sequence[tuple[str, Evidence]]) -> list[Verdict]:
        """A verdict for each (claim, evidence) pair, in the order given.

        Evidence without a sentence supports nothing, and nothing supports an empty claim, one of
        over 2,000 characters or one that orders or asks. Orders and questions found nothing.
        Raises ModelError when the model cannot be used.
        """
        texts = [joined(evidence) for _, evidence in pairs]
        spans = [
            _nearest(claim, text, len(parts(evidence)) > 1)
            if claim.strip() and len(claim) <= LONGEST and not is_order(claim)
            else []
            for (claim, evidence), text in zip(pairs, texts, strict=True)
        ]
        asked = [
            (claim, text[span.start : span.end])
            for (claim, _), text, near in zip(pairs, texts, spans, strict=True)
            for span in near
        ]
        readings = iter(check_pairs(asked))
        return [
            _verdict(claim, evidence, near, [next(readings) for _ in near])
            for (claim, evidence), near in zip(pairs, spans, strict=True)
        ]


def _verdict(
    claim: str, evidence: Evidence, spans: Sequence[Span], readings: Sequence[Reading]
) -> Verdict:
    """The verdict on the words that carry the claim best, by model and rules together."""
    best = Verdict("unsupported", 0.0, Span(0, 0))
    read = [float(reading.relation[0]) for reading in readings]
    limit = settings()["support"]["supported"]

    def promise(place: int) -> tuple[bool, float]:
        """What reads as support first, the fewest words of it; then what reads best."""
        enough = read[place] >= limit
        return not enough, spans[place].end - spans[place].start if enough else -read[place]

    for place in sorted(range(len(spans)), key=promise):
        if best.support == "supported":
            break
        words = _within(evidence, spans[place])
        found = objections(claim, words)
        share = 0.0 if found else covered(claim, words)
        support, probability = combined(read[place], found, share)
        if not best.read or probability > best.probability:
            missing = tuple(one.words for one in found if one.kind in ("figure", "date", "name"))
            best = Verdict(support, probability, spans[place], missing, found, read[place])
    return best


def combined(read: float, found: Sequence[Objection], share: float) -> tuple[Support, float]:
    """The model's probability, the rules' objections and the share of the claim's words that the
    evidence holds as one judgement.

    A claim few of whose words are there is not supported. One to which no rule objects is at
    least partly supported where most of its words are there; and supported where nearly all are
    and the model half agrees.
    """
    limits = settings()["support"]
    probability = read
    if not found and share < LEAST:
        return "unsupported", read * ALTERED
    if any(one.sure for one in found):
        probability = read * ALTERED
    elif found:
        probability = min(read, limits["partial"])
    elif share >= NEARLY_ALL and read >= limits["partial"]:
        probability = max(read, limits["supported"])
    elif share >= MOST:
        probability = max(read, limits["partial"])
    if probability >= limits["supported"]:
        return "supported", probability
    return ("partial" if probability >= limits["partial"] else "unsupported"), probability
