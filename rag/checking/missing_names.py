"""Which names of a claim its evidence neither holds nor refers to."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.words import STOPWORDS, Token, tokens
from rag.checking.evidence import Cited
from rag.checking.names import Names, names, spelt_out
from rag.lexicon import country, kin

_RECENT = 400  # characters before a quote in which stands whom its "he" means
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


def missing_names(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """The names of a claim that the evidence neither holds nor refers to."""
    found = Names("\n".join(part.quote for part in evidence))
    shortened = spelt_out(list(tokens(claim)), found.tokens)
    for token in names(claim):
        if token.start in shortened or found.holds(token, metonymy=not _placed(claim, token)):
            continue
        if not any(_referred(token, claim, part) for part in evidence):
            yield claim[token.start : token.end]


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


def _replaces(token: Token, claim: str, quote: str) -> bool:
    """Whether a claim's name stands where the quote has another, which the claim leaves out."""
    kept = _names_of(claim)
    whole = (one for one in names(quote) if quote[one.end : one.end + 1] != "-")  # no "UN-led"
    left_out = [one for one in whole if not kept.holds(one, metonymy=False)]
    return any(_placed(quote, one) == _placed(claim, token) for one in left_out)


def _placed(text: str, token: Token) -> bool:
    """Whether a name is told as a place: after "in", "from" and the like."""
    return bool(_PLACE.search(text[: token.start]))


@lru_cache(maxsize=64)
def _names_of(text: str) -> Names:
    return Names(text)
