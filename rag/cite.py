"""Write groups of findings as sentences with numbered citations of exact words."""

import re
from collections.abc import Sequence

from rag.answer import Citation, Sentence
from rag.group import Group
from rag.read import Finding
from rag.retrieve import article_ref

_NUMBERS = "zero one two three four five six seven eight nine ten".split()


class _Numbering:
    """Gives each cited sentence its number, in the order of first use."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self._places: dict[tuple[str, int], int] = {}

    def number(self, finding: Finding) -> int:
        """The number under which a finding's words are cited."""
        key = (finding.candidate.article.id, finding.span.start)
        if key not in self._places:
            self._places[key] = len(self.citations) + 1
            self.citations.append(
                Citation(
                    self._places[key],
                    finding.quote,
                    finding.span.start,
                    finding.span.end,
                    article_ref(finding.candidate.article, finding.span.start),
                )
            )
        return self._places[key]


def _spelt(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _agreement(group: Group, first: bool) -> str:
    """How many articles say the same. The least precise sets what they agree on; but of a name
    the fullest form is told.
    """
    count = _spelt(len(group.findings)).capitalize()
    shorts = [finding.short for finding in group.findings if finding.short]
    if not shorts:
        return f"{count} articles say the same."
    named = all(short.text.istitle() and not re.search(r"\d", short.text) for short in shorts)
    chosen = max if named else min
    common = chosen(shorts, key=lambda short: len(short.key.split())).told
    return f"{count} articles agree: {common}." if first else f"{count} articles say {common}."


def _difference(groups: Sequence[Group], numbers: Sequence[Sequence[int]]) -> Sentence | None:
    """That not all give one answer; None where they do."""
    told = [
        f"{group.lead.short.told} {_marks(marks)}"
        for group, marks in zip(groups, numbers, strict=True)
        if group.lead.short
    ]
    if len(groups) == 1 or len(told) < len(groups):
        return None
    every = tuple(number for marks in numbers for number in marks)
    return Sentence(f"These may not agree: {'; '.join(told)}.", "supported", every)


def cite(
    groups: Sequence[Group], several: bool = False
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The answer's sentences and citations.

    Each group gives one quoted sentence with a citation for every article that says the same,
    and where there are several, a sentence that counts them. A quote is always supported: its
    words are the article's own. Where groups give different answers, a last sentence says so,
    unless `several` answers were asked for.
    """
    numbering = _Numbering()
    sentences, numbered = [], []
    for group in groups:
        numbers = tuple(numbering.number(finding) for finding in group.findings)
        numbered.append(numbers)
        marks = _marks(numbers)
        sentences.append(Sentence(f"“{group.lead.quote}” {marks}", "supported", numbers))
        if len(numbers) > 1:
            text = f"{_agreement(group, group is groups[0])} {marks}"
            sentences.append(Sentence(text, "supported", numbers))
    difference = None if several else _difference(groups, numbered)
    sentences += [difference] if difference else []
    return tuple(sentences), tuple(numbering.citations)
