"""Which figures of a claim its evidence does not hold, not even rounded."""

import re
from collections.abc import Iterator

from rag.checking.figures import Figure, figures, measure

_LOOSE = (0.0, 1.0)  # "one of", "no": rarely counted in the same words
_ROUNDED = 0.05  # how far a figure called "about" may be from the one given
_BEYOND = 0.2  # how far "more than" and "nearly" may reach


def missing_figures(claim: str, evidence: str) -> Iterator[str]:
    """The numbers of a claim that the evidence does not hold, not even rounded."""
    given = list(figures(evidence))
    lists = _enumerated(evidence)
    for one in figures(claim):
        if one.value in _LOOSE or any(close(one, other) for other in given):
            continue
        if one.kind == "number" and one.value in lists and not one.unit:
            continue
        loose = one.kind in ("order", "share") and one.text.casefold() in evidence.casefold()
        if not loose:
            yield one.text


def close(claimed: Figure, given: Figure) -> bool:
    """Whether a claimed figure is an honest rounding of a given one."""
    (mine, unit), (theirs, other) = measure(claimed), measure(given)
    if claimed.kind != given.kind or (unit and other and unit != other):
        return False
    if mine == theirs or (claimed.value == given.value and not (unit and other)):
        return True
    rounder = claimed.kind == "number" and mine >= 10 and mine % 10 == 0
    if not rounder or not claimed.bound or given.bound:  # what is rounded already stays
        return False
    if claimed.bound == "about":
        return abs(mine - theirs) <= _ROUNDED * theirs
    low, high = sorted((mine, theirs))
    beyond = mine < theirs if claimed.bound == "least" else mine > theirs
    return beyond and high - low <= _BEYOND * theirs


def _enumerated(evidence: str) -> set[float]:
    """How many things the lists of a text name: "Syria, Russia, Sudan and Chad" → 4."""
    lists = re.findall(r"((?:[\w’' -]+, )+[\w’' -]+,? (?:and|or) [\w’' -]+)", evidence)
    return {float(one.count(",") + 2 - bool(re.search(r", (?:and|or) ", one))) for one in lists}
