"""What a claim says of a figure or a day must be said of it in the evidence, not of another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from index.words import Token
from rag.checking.clauses import alike, clauses, content
from rag.checking.evidence import Cited
from rag.checking.figures import Figure, figures, measure
from rag.checking.missing_figures import close
from rag.when import When, known, named

NEAR = 7  # content words on either side of a figure that belong to it
FEW = 2  # "the two sides": named again and again
ELSEWHERE = 2  # words that only another quote has before the figure is thought to be taken from it


def _near(claim: str, start: int, end: int) -> list[Token]:
    """The content words of the claim's clause around a figure."""
    for clause in clauses(claim):
        if clause.start <= start < clause.end:
            words = [
                word._replace(start=word.start + clause.start, end=word.end + clause.start)
                for word in clause.words
            ]
            before = [word for word in words if word.end <= start][-NEAR:]
            return before + [word for word in words if word.start >= end][:NEAR]
    return []


def _only_in(words: Sequence[Token], here: str, there: str) -> int:
    """How many of the words stand in one text and not in the other."""
    mine, theirs = content(here), content(there)
    return sum(
        any(alike(word, other) for other in mine) and not any(alike(word, o) for o in theirs)
        for word in words
    )


def _torn(words: Sequence[Token], quotes: Sequence[str], holds: Callable[[str], bool]) -> bool:
    """Whether the words around a figure come from a quote that lacks it."""
    having = [quote for quote in quotes if holds(quote)]
    lacking = [quote for quote in quotes if not holds(quote)]
    if not having or not lacking:
        return False
    home = max(having, key=lambda quote: sum(_only_in(words, quote, other) for other in lacking))
    strange = max(_only_in(words, other, home) for other in lacking)
    own = max(_only_in(words, home, other) for other in lacking)
    return strange >= ELSEWHERE and strange >= own


def _counted_otherwise(claimed: Figure, given: Sequence[Figure]) -> Figure | None:
    """Another figure of the evidence for what the claim counts, where its own is of others."""
    same = [one for one in given if close(claimed, one)]
    if (
        not claimed.heads
        or not same
        or any(not one.heads or set(one.heads) & set(claimed.heads) for one in same)
    ):
        return None
    others = (one for one in given if claimed.heads[-1] in one.heads and one not in same)
    return next(others, None)


def _opposed(claimed: Figure, given: Sequence[Figure]) -> bool:
    """Whether "more than" became "up to", or the reverse."""
    same = [one for one in given if measure(one)[0] == measure(claimed)[0]]
    sides = {one.bound for one in same}
    return bool(sides) and {claimed.bound} | sides == {"least", "most"} and len(sides) == 1


def _gives(figure: Figure, quote: str) -> bool:
    return any(close(figure, other) for other in figures(quote))


def _dates(when: When, dated: Mapping[str, Sequence[When]], quote: str) -> bool:
    return any(when.agrees(other) for other in dated[quote])


def unbound(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """Figures and days of a claim that its evidence gives for something else."""
    quotes = [part.quote for part in evidence]
    given = [figure for quote in quotes for figure in figures(quote)]
    for one in figures(claim):
        words = _near(claim, one.start, one.end)
        if other := _counted_otherwise(one, given):
            yield f"{one.text} is said of something else: {other.text} {' '.join(other.heads)}"
        elif _opposed(one, given):
            yield f"{one.text}: more / less"
        elif one.value > FEW and _torn(words, quotes, partial(_gives, one)):
            yield f"{one.text} is said of something else"
    for when in named(claim):
        words = _near(claim, when.start, when.end)
        dated = {part.quote: known(part.quote, part.published) for part in evidence}
        if _torn(words, quotes, partial(_dates, when, dated)):
            yield f"{when.text} is said of something else"
