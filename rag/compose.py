"""Compose the whole Answer: what was found, or why nothing is said."""

from collections.abc import Sequence
from dataclasses import replace

from index.article import Filters
from index.records import Coverage
from rag.answer import Answer, Passage, Refusal
from rag.cite import cite
from rag.group import Group
from rag.retrieve import Candidate
from rag.writing.written import Written

EXTRACTIVE = "extractive"
NEAREST = 3  # passages that a refusal shows


def answered(
    question: str, groups: Sequence[Group], shown: tuple[Passage, ...], several: bool = False
) -> Answer:
    """An answer in quoted sentences; the first group gives the short answer, or, where `several`
    are asked for and each names one, all of them.
    """
    sentences, citations = cite(groups, several)
    return replace(
        _empty(question, shown),
        text=" ".join(sentence.text for sentence in sentences),
        short_answer=_short(groups, several),
        answered=True,
        sentences=sentences,
        citations=citations,
    )


def _short(groups: Sequence[Group], several: bool) -> str | None:
    first = groups[0].lead.short
    if first is None or not several or first.names_several:
        return first.told if first else None
    return ", ".join(group.lead.short.told for group in groups if group.lead.short)


def written_answer(
    question: str, written: Written, short: str | None, shown: tuple[Passage, ...]
) -> Answer | None:
    """An answer in a language model's sentences; None where nothing supports any of them.

    `short` is what the reader found; it stands only where a supported sentence says it too.
    """
    carried = [one for one in written.sentences if one.support != "unsupported"]
    if not carried:
        return None
    said = short is not None and any(short.lower() in one.text.lower() for one in carried)
    return replace(
        _empty(question, shown),
        text=" ".join(sentence.text for sentence in written.sentences),
        short_answer=short if said else None,
        answered=True,
        sentences=tuple(written.sentences),
        citations=tuple(written.citations),
    )


def refused(question: str, reason: str, shown: tuple[Passage, ...], coverage: Coverage) -> Answer:
    """A refusal: why, what comes nearest, and what the collection covers."""
    refusal = Refusal(reason, shown[:NEAREST], coverage)
    return replace(_empty(question, shown), text=reason, refusal=refusal)


def as_asked(answer: Answer, question: str) -> Answer:
    """The answer to a completed question, under the question as it was typed."""
    return replace(answer, question=question, standalone=answer.question)


def _empty(question: str, shown: tuple[Passage, ...]) -> Answer:
    """An answer that says nothing yet; the engine adds confidence and times at the end."""
    return Answer(
        question=question,
        text="",
        short_answer=None,
        answered=False,
        sentences=(),
        citations=(),
        passages=shown,
        origins=None,
        figures=None,
        refusal=None,
        confidence=None,
        engine=EXTRACTIVE,
        seconds=0.0,
        timings={},
    )


UNSUPPORTED = "The language model wrote nothing that the articles support."


def why_not(candidates: Sequence[Candidate], coverage: Coverage, filters: Filters | None) -> str:
    """Why there is no answer, in one line."""
    if not coverage.articles:
        return "There are no articles yet. Add some with: dateline ingest FOLDER"
    if not candidates and filters and filters != Filters():
        return "No article fits the chosen outlets and dates."
    return "The articles do not say."
