"""Which figures, dates and names of a claim its evidence does not hold.

A claim may be put in other words, but not with another number, day or name.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from index.names import skeleton
from index.words import STOPWORDS, Token, fold, stem, tokens
from rag.dates import dates
from rag.lexicon import is_common, kin
from rag.quantities import number_key, quantities

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_LOOSE = frozenset({"1", "0"})  # "one of", "no": rarely counted in the same words
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_SAME_NAME = 0.6  # likeness of two spellings with one skeleton


def _numbers(text: str) -> set[str]:
    """Every number of a text in one spelling, whether in digits or in words."""
    counted = list(quantities(text))
    years = [
        match.group().rstrip(",")
        for match in _DIGITS.finditer(text)
        if all(match.end() <= one.start or match.start() >= one.end for one in counted)
    ]
    return {one.key.split()[0] for one in counted} | {number_key(digits) for digits in years}


def _calendar(text: str) -> set[str]:
    """The months and weekdays that the dates of a text name."""
    words = {
        fold(word.strip(".,"))
        for mention in dates(text)
        for word in text[mention.start : mention.end].split()
    }
    named = _MONTHS | _WEEKDAYS
    return {full for full in named for word in words if len(word) >= 3 and full.startswith(word)}


def _names(claim: str) -> Iterator[Token]:
    """The capitalised words of a claim that name something; its first word only if uncommon."""
    days = list(dates(claim))
    for number, token in enumerate(tokens(claim)):
        if not token.capital or token.word in STOPWORDS or not token.word[:1].isalpha():
            continue
        if any(day.start <= token.start < day.end for day in days):
            continue
        if number == 0 and is_common(token.word) and not kin(token.word):
            continue
        yield token


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


def _same_name(left: str, right: str) -> bool:
    if skeleton(left) != skeleton(right) or not skeleton(left):
        return False
    return Levenshtein.normalized_similarity(left, right) >= _SAME_NAME


def _spelt_out(claim: Sequence[Token], found: Sequence[Token]) -> set[int]:
    """Where words of the claim begin that the evidence has as an acronym."""
    short = {token.word for token in found if token.capital and len(token.word) <= 6}
    return {token.start for run in _runs(claim) if _acronym(run) in short for token in run}


def _named(token: Token, found: Sequence[Token], stems: set[str]) -> bool:
    if token.stem in stems or any(stem(other) in stems for other in kin(token.word)):
        return True
    return any(_same_name(token.word, other.word) for other in found if other.capital)


def unfounded(claim: str, evidence: str) -> tuple[str, ...]:
    """The figures, dates and names of a claim that the evidence does not hold, as written."""
    numbers, days = _numbers(evidence), _calendar(evidence)
    missing = sorted(_numbers(claim) - numbers - _LOOSE)
    missing += sorted(_calendar(claim) - days)
    found = list(tokens(evidence))
    stems = {token.stem for token in found} | {stem(_acronym(run)) for run in _runs(found)}
    spelt_out = _spelt_out(list(tokens(claim)), found)
    for token in _names(claim):
        if token.start not in spelt_out and not _named(token, found, stems):
            missing.append(claim[token.start : token.end])
    return tuple(dict.fromkeys(missing))
