"""Check a written sentence against the passages it cites, and find the exact words behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Span
from index.words import terms
from rag.answer import Support
from rag.checking.evidence import Cited
from rag.checking.support import SupportChecker, Verdict
from rag.writing.sources import Source

ELSEWHERE = 3  # passages that were not cited which are tried: those sharing most words


@dataclass(frozen=True, slots=True)
class Rest:
    """Words of a source that carry a sentence: offsets in the article."""

    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence with what it rests on; nothing where nothing supports it.

    `problems` are the words in it that the cited passages do not bear out.
    """

    text: str
    support: Support
    rests: tuple[Rest, ...]
    problems: tuple[str, ...] = ()


def verify(
    text: str, cited: Sequence[Source], others: Sequence[Source], checker: SupportChecker
) -> Checked:
    """Judge a sentence by the passages it cites, then by those taken together, then by others.

    Only passages that support it are kept as its citations. One that was cited but does not is
    dropped; one that was not cited is named where it alone supports the sentence wholly.
    """
    single = _judged(text, cited, checker)
    whole = [rest for rest, verdict in single if verdict.support == "supported"]
    if whole:
        return Checked(text, "supported", tuple(whole))
    if len(cited) > 1 and (joint := _together(text, single, checker)):
        return joint
    near = _judged(text, _nearest(text, others), checker)
    elsewhere = [pair for pair in near if pair[1].support == "supported"]
    if elsewhere:
        best = max(elsewhere, key=lambda pair: pair[1].probability)
        return Checked(text, "supported", (best[0],))
    partly = [pair for pair in [*single, *near] if pair[1].support == "partial"]
    if partly:
        rest, verdict = max(partly, key=lambda pair: pair[1].probability)
        return Checked(text, "partial", (rest,), _problems(verdict))
    closest = max(single or near, key=lambda pair: pair[1].probability, default=None)
    return Checked(text, "unsupported", (), _problems(closest[1]) if closest else ())


def _judged(
    text: str, sources: Sequence[Source], checker: SupportChecker
) -> list[tuple[Rest, Verdict]]:
    verdicts = checker.check_all([(text, (_cited(source, source.span),)) for source in sources])
    return [
        (Rest(source, _within(source, verdict.span)), verdict)
        for source, verdict in zip(sources, verdicts, strict=True)
    ]


def _cited(source: Source, span: Span) -> Cited:
    """Words of a source with what a reader of the article knows besides."""
    article = source.candidate.article
    quote = article.text[span.start : span.end]
    return Cited(quote, article.text[: span.start], article.metadata.published)


def _within(source: Source, span: Span) -> Span:
    return Span(source.span.start + span.start, source.span.start + span.end)


def _together(
    text: str, single: Sequence[tuple[Rest, Verdict]], checker: SupportChecker
) -> Checked | None:
    """The sentence by the best words of all cited passages at once: one may hold its first half,
    another its second.
    """
    rests = [rest for rest, _ in single if rest.span.end > rest.span.start]
    if len(rests) < 2:
        return None
    evidence = tuple(_cited(rest.source, rest.span) for rest in rests)
    verdict = checker.check_all([(text, evidence)])[0]
    if verdict.support == "unsupported":
        return None
    if verdict.support == "partial" and any(one.support == "partial" for _, one in single):
        return None
    return Checked(text, verdict.support, tuple(rests), _problems(verdict))


def _nearest(text: str, sources: Sequence[Source]) -> list[Source]:
    wanted = set(terms(text))
    ranked = sorted(sources, key=lambda source: -len(wanted & set(terms(source.text))))
    return ranked[:ELSEWHERE]


def _problems(verdict: Verdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(objection.words for objection in verdict.objections))
