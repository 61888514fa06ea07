"""What a claim is checked against: the words it cites, and what a reader of them would know."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cited:
    """Cited words of one article.

    `before` is the text that precedes them there, which tells who "he" is; it founds nothing by
    itself. `published` is the article's ISO date, by which "on Thursday" is a day; None if unknown.
    """

    quote: str
    before: str = ""
    published: str | None = None


Evidence = str | Sequence[Cited]


def parts(evidence: Evidence) -> tuple[Cited, ...]:
    """The cited words one by one; plain text is one quote without surroundings."""
    return (Cited(evidence),) if isinstance(evidence, str) else tuple(evidence)


def joined(evidence: Evidence) -> str:
    """All quotes as one text, each on a line of its own; a verdict's span refers to it."""
    return "\n".join(part.quote for part in parts(evidence))
