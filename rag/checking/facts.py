"""Which figures, dates and names of a claim its evidence does not hold.

A claim may be put in other words, but not with another number, day or name.
"""

from collections.abc import Iterator, Sequence

from rag.checking.evidence import Cited
from rag.checking.missing_figures import missing_figures
from rag.checking.missing_names import missing_names
from rag.when import known, named


def unfounded(claim: str, evidence: str | Sequence[Cited]) -> tuple[str, ...]:
    """The figures, dates and names of a claim that the evidence does not hold, as written."""
    parts = (Cited(evidence),) if isinstance(evidence, str) else evidence
    text = "\n".join(part.quote for part in parts)
    missing = [
        *missing_figures(claim, text),
        *missing_dates(claim, parts),
        *missing_names(claim, parts),
    ]
    return tuple(dict.fromkeys(missing))


def missing_dates(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """The dates of a claim that the evidence does not name, in its words or by its date."""
    given = [when for part in evidence for when in known(part.quote, part.published)]
    for one in named(claim):
        if not any(one.agrees(other) for other in given):
            yield one.text
