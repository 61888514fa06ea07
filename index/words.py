"""Words as the keyword index and the reader see them: folded, stemmed, with their offsets.

One analysis serves both, so a word that the reader matches is a word that BM25 matches.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

_WORD = re.compile(r"[^\W_]+(?:[.,:’'&+\-‐‑–][^\W_]+)*")
_PARTS = re.compile(r"[\-‐‑–]")
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
_JOINERS = re.compile(r"[.,:’'&]")
_LONGEST_WORD = 60  # longer runs are not words; keeps index terms bounded

STOPWORDS = frozenset(
    """a about after again all also am an and any are as at be became because been before being
    between both but by can could did do does doing done during each every few for from further had
    has have having he her here hers him his how however i if in into is it its itself just like
    made may me might more most much must my no nor not of off on once only or other our out over
    own per said same say says shall she should so some such than that the their them then there
    these they this those through to too under until up upon very was we were what when where which
    while who whom whose why will with within would you your""".split()
)


class Token(NamedTuple):
    """One word of a text: `word` folded, `stem` its index term, and its character offsets.

    A tuple, since one is made for every word of every article: three times as quick to make.
    """

    word: str
    stem: str
    start: int
    end: int
    capital: bool


def fold(word: str) -> str:
    """Lower case without accents, possessive or inner punctuation: "U.N.’s" → "un"."""
    word = _POSSESSIVE.sub("", word)
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _JOINERS.sub("", word.casefold())[:_LONGEST_WORD]


@cache
def _stemmer() -> Any:  # PyStemmer ships no types
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The Snowball English stem of a folded word."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1 << 17)
def _pieces(raw: str) -> tuple[Token, ...]:
    """The tokens of one word as written, with offsets from its start."""
    found = []
    offset = 0
    parts = _PARTS.split(raw)
    for part in parts:
        if folded := fold(part):
            end = offset + len(part)
            found.append(Token(folded, stem(folded), offset, end, part[0].isupper()))
        offset += len(part) + 1
    if len(parts) > 1 and (joined := fold("".join(parts))):
        found.append(Token(joined, stem(joined), 0, len(raw), raw[0].isupper()))
    return tuple(found)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; a hyphenated word gives its parts, then the joined form."""
    for match in _WORD.finditer(text):
        begin = match.start()
        for word, term, start, end, capital in _pieces(match.group()):
            yield Token(word, term, begin + start, begin + end, capital)


def terms(text: str) -> list[str]:
    """The index terms of a text, in order, stop words included."""
    return [token.stem for token in tokens(text)]
