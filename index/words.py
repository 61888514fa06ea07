"""Words as the keyword index and the reader see them: folded, stemmed, with their offsets.

One analysis serves both, so a word that the reader matches is a word that BM25 matches.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: `word` folded, `stem` its index term, and its character offsets."""

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


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; a hyphenated word gives its parts, then the joined form."""
    for match in _WORD.finditer(text):
        raw, start = match.group(), match.start()
        pieces = _PARTS.split(raw)
        offset = start
        for piece in pieces:
            folded = fold(piece)
            if folded:
                end = offset + len(piece)
                yield Token(folded, stem(folded), offset, end, piece[0].isupper())
            offset += len(piece) + 1
        if len(pieces) > 1:
            joined = fold("".join(pieces))
            if joined:
                yield Token(joined, stem(joined), start, match.end(), raw[0].isupper())


def terms(text: str) -> list[str]:
    """The index terms of a text, in order, stop words included."""
    return [token.stem for token in tokens(text)]
