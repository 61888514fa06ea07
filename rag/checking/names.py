"""The names that a text holds, and whether two spellings or forms are one name."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from index.names import skeleton
from index.words import STOPWORDS, Token, stem, tokens
from rag.acronyms import WELL_KNOWN, initials
from rag.dates import dates
from rag.lexicon import capital_kin, is_common, kin
from rag.proper_names import is_title

_SAME_NAME = 0.6  # likeness of two spellings with one skeleton
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: (?:of |the |for |and |on )*[A-Z][\w’'-]*)+")


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


def same_name(left: str, right: str) -> bool:
    """Whether two folded words spell one name: Haftar and Hifter."""
    if skeleton(left) != skeleton(right) or not skeleton(left):
        return False
    return Levenshtein.normalized_similarity(left, right) >= _SAME_NAME


def acronyms(text: str) -> set[str]:
    """The acronyms that the names of a text could be shortened to, folded."""
    found = {_acronym(run) for run in _runs(list(tokens(text)))}
    for match in _NAME.findall(text):
        words = match.split()
        found |= {initials(words[first:]) for first in range(len(words) - 1)}
    plain = " ".join(token.word for token in tokens(text))
    return found | {short for short, words in WELL_KNOWN.items() if " ".join(words) in plain}


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


def spelt_out(claim: Sequence[Token], found: Sequence[Token]) -> set[int]:
    """Where words of the claim begin that the evidence has as an acronym."""
    short = {token.word for token in found if token.capital and len(token.word) <= 6}
    return {token.start for run in _runs(claim) if _acronym(run) in short for token in run}
