"""Write groups of findings as sentences with numbered citations of exact words."""

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
    """How many articles say the same; the least precise of them sets what they agree on."""
    count = _spelt(len(group.findings)).capitalize()
    shorts = [finding.short for finding in group.findings if finding.short]
    if not shorts:
        return f"{count} articles say the same."
    common = min(shorts, key=lambda short: len(short.key.split())).text
    return f"{count} articles agree: {common}." if first else f"{count} articles say {common}."


def cite(groups: Sequence[Group]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The answer's sentences and citations.

    Each group gives one quoted sentence with a citation for every article that says the same,
    and where there are several, a sentence that counts them. A quote is always supported: its
    words are the article's own.
    """
    numbering = _Numbering()
    sentences = []
    for group in groups:
        numbers = tuple(numbering.number(finding) for finding in group.findings)
        marks = _marks(numbers)
        sentences.append(Sentence(f"“{group.lead.quote}” {marks}", "supported", numbers))
        if len(numbers) > 1:
            text = f"{_agreement(group, group is groups[0])} {marks}"
            sentences.append(Sentence(text, "supported", numbers))
    return tuple(sentences), tuple(numbering.citations)
