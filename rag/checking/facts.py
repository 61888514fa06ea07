"""Which figures, dates and names of a claim its evidence does not hold.

A claim may be put in other words, but not with another number, day or name.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from index.names import skeleton
from index.words import STOPWORDS, Token, stem, tokens
from rag.acronyms import WELL_KNOWN, initials
from rag.checking.evidence import Cited
from rag.checking.figures import Figure, figures, measure
from rag.checking.when import known, named
from rag.dates import dates
from rag.lexicon import capital_kin, country, is_common, kin
from rag.proper_names import is_title

_LOOSE = (0.0, 1.0)  # "one of", "no": rarely counted in the same words
_ROUNDED = 0.05  # how far a figure called "about" may be from the one given
_BEYOND = 0.2  # how far "more than" and "nearly" may reach
_RECENT = 400  # characters before a quote in which stands whom its "he" means
_SAME_NAME = 0.6  # likeness of two spellings with one skeleton
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: (?:of |the |for |and |on )*[A-Z][\w’'-]*)+")
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|them|his|her|hers|its|their|there|here)\b", re.IGNORECASE
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|outside|to|into|towards?|around|across|on|of)(?: the)? $"
)
_NATION = re.compile(r"\b(?:country|nation|state|homeland|home|there|national)\b", re.IGNORECASE)
_DEFINITE = re.compile(
    r"\b(?:the|its|his|her|their|this|that|these|those)\b(?: [\w’'-]+){0,3}", re.I
)

# Figures


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


# Dates


def missing_dates(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """The dates of a claim that the evidence does not name, in its words or by its date."""
    given = [when for part in evidence for when in known(part.quote, part.published)]
    for one in named(claim):
        if not any(one.agrees(other) for other in given):
            yield one.text


# Names


def names(claim: str) -> Iterator[Token]:
    """The capitalised words of a claim that name something; its first word only if uncommon."""
    days = list(dates(claim))
    for token in tokens(claim):
        if "-" in claim[token.start : token.end]:  # its parts are looked at
            continue
        if not token.capital or token.word in STOPWORDS or not token.word[:1].isalpha():
            continue
        if any(day.start <= token.start < day.end for day in days) or is_title(token.word):
            continue
        if not claim[: token.start].strip() and _ordinary(token.word):
            continue
        yield token


def _ordinary(word: str) -> bool:
    """Whether a first word is capitalised for its place only: common, or made of common words."""
    if kin(word):
        return False
    if is_common(word):
        return True
    cuts = range(4, len(word) - 3)
    return any(is_common(word[:cut]) and is_common(word[cut:]) for cut in cuts)


def _runs(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Neighbouring capitalised words, each run in all its parts of two to six words."""
    names = [
        list(group) for capital, group in groupby(found, lambda token: token.capital) if capital
    ]
    for name in names:
        for first in range(len(name)):
            for last in range(first + 2, min(len(name), first + 6) + 1):
                yield name[first:last]


def _acronym(run: Sequence[Token]) -> str:
    return "".join(token.word[:1] for token in run)


def acronyms(text: str) -> set[str]:
    """The acronyms that the names of a text could be shortened to, folded."""
    found = {_acronym(run) for run in _runs(list(tokens(text)))}
    for match in _NAME.findall(text):
        words = match.split()
        found |= {initials(words[first:]) for first in range(len(words) - 1)}
    plain = " ".join(token.word for token in tokens(text))
    return found | {short for short, words in WELL_KNOWN.items() if " ".join(words) in plain}


def same_name(left: str, right: str) -> bool:
    """Whether two folded words spell one name: Haftar and Hifter."""
    if skeleton(left) != skeleton(right) or not skeleton(left):
        return False
    return Levenshtein.normalized_similarity(left, right) >= _SAME_NAME


def _spelt_out(claim: Sequence[Token], found: Sequence[Token]) -> set[int]:
    """Where words of the claim begin that the evidence has as an acronym."""
    short = {token.word for token in found if token.capital and len(token.word) <= 6}
    return {token.start for run in _runs(claim) if _acronym(run) in short for token in run}


class Names:
    """The names that a text holds, as a claim may write them."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokens(text))
        self.stems = {token.stem for token in self.tokens} | {stem(a) for a in acronyms(text)}

    def holds(self, token: Token, metonymy: bool = True) -> bool:
        """Whether a name stands here, perhaps respelt, as a people or (`metonymy`) as a capital."""
        alike = kin(token.word) | (capital_kin(token.word) if metonymy else frozenset())
        if token.stem in self.stems or any(stem(one) in self.stems for one in alike):
            return True
        return any(same_name(token.word, o.word) for o in self.tokens if o.capital)


@lru_cache(maxsize=64)
def _names_of(text: str) -> Names:
    return Names(text)


def _placed(text: str, token: Token) -> bool:
    """Whether a name is told as a place: after "in", "from" and the like."""
    return bool(_PLACE.search(text[: token.start]))


def _replaces(token: Token, claim: str, quote: str) -> bool:
    """Whether a claim's name stands where the quote has another, which the claim leaves out."""
    kept = _names_of(claim)
    whole = (one for one in names(quote) if quote[one.end : one.end + 1] != "-")  # no "UN-led"
    left_out = [one for one in whole if not kept.holds(one, metonymy=False)]
    return any(_placed(quote, one) == _placed(claim, token) for one in left_out)


def _referred(token: Token, claim: str, part: Cited) -> bool:
    """Whether the quote refers back to a name that stands before it: "he", "the country"."""
    if not _names_of(part.before).holds(token) or _replaces(token, claim, part.quote):
        return False
    if country(token.word) or kin(token.word):
        return bool(_NATION.search(part.quote) or _PRONOUN.search(part.quote))
    if _PRONOUN.search(part.quote) and _names_of(part.before[-_RECENT:]).holds(token):
        return True
    definite = {word.stem for m in _DEFINITE.finditer(part.quote) for word in tokens(m.group())}
    beside = list(tokens(claim[token.end : token.end + 40]))[:2]
    beside += list(tokens(claim[max(0, token.start - 40) : token.start]))[-2:]
    return any(word.stem in definite for word in beside if word.word not in STOPWORDS)


def missing_names(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """The names of a claim that the evidence neither holds nor refers to."""
    found = Names("\n".join(part.quote for part in evidence))
    spelt_out = _spelt_out(list(tokens(claim)), found.tokens)
    for token in names(claim):
        if token.start in spelt_out or found.holds(token, metonymy=not _placed(claim, token)):
            continue
        if not any(_referred(token, claim, part) for part in evidence):
            yield claim[token.start : token.end]


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
