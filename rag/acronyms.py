"""Acronyms and what they stand for: those newspapers never spell out, and the collection's own."""

import re
from collections.abc import Iterable

from index.home import Home
from index.words import STOPWORDS, fold, stem

SURE = 0.9  # how surely an acronym means its spelt-out name
WELL_KNOWN = {
    "un": ("united", "nations"),
    "us": ("united", "states"),
    "eu": ("european", "union"),
    "uk": ("united", "kingdom"),
    "au": ("african", "union"),
    "uae": ("united", "arab", "emirates"),
    "nato": ("north", "atlantic", "treaty", "organization"),
    "imf": ("international", "monetary", "fund"),
    "icc": ("international", "criminal", "court"),
    "wto": ("world", "trade", "organization"),
}
PASSAGES = 10  # searched for the place where an acronym is introduced
_ACRONYM = re.compile(r"\b(?:[A-Z]\.?){2,6}(?![\w.])")
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: (?:of |the |for |and )*[A-Z][\w’'-]*)+")


def initials(words: Iterable[str]) -> str:
    """The folded first letters of the words that are spoken in an acronym."""
    return "".join(word[0] for word in map(fold, words) if word and word not in STOPWORDS)


def introduced(acronym: str, text: str) -> tuple[str, ...]:
    """The words that a text introduces an acronym for: "Libyan National Army (LNA)" → those."""
    for match in re.finditer(rf"((?:[\w’'-]+ ){{1,8}})\({re.escape(acronym)}\)", text):
        words = match.group(1).split()
        for first in range(len(words)):
            if fold(words[first]) not in STOPWORDS and initials(words[first:]) == fold(acronym):
                return tuple(word for word in map(fold, words[first:]) if word not in STOPWORDS)
    return ()


def spelt_out(question: str, collection: Home) -> dict[str, tuple[str, ...]]:
    """Index terms that together stand for each acronym of a question."""
    found: dict[str, tuple[str, ...]] = {}
    for acronym in _ACRONYM.findall(question):
        key = fold(acronym)
        words = WELL_KNOWN.get(key) or _introduced_in(acronym, collection)
        if words:
            found[stem(key)] = tuple(stem(word) for word in words)
    return found


def _introduced_in(acronym: str, collection: Home) -> tuple[str, ...]:
    hits = collection.keyword([(stem(fold(acronym)), 1.0)], PASSAGES)
    chunks = collection.chunks(hit.chunk_id for hit in hits)
    articles = collection.articles({found.chunk.article_id for found in chunks.values()})
    for article in articles.values():
        if words := introduced(acronym, article.text):
            return words
    return ()


def abbreviated(question: str, collection: Home) -> dict[str, dict[str, float]]:
    """For each word of a spelt-out name in a question, the acronym the collection uses for it."""
    found: dict[str, dict[str, float]] = {}
    for match in _NAME.findall(question):
        words = [word for word in map(fold, match.split()) if word not in STOPWORDS]
        for first in range(len(words) - 1):
            for last in range(first + 2, len(words) + 1):
                key = stem(initials(words[first:last]))
                known = WELL_KNOWN.get(key) == tuple(words[first:last]) or last - first > 2
                if known and collection.word_counts([key]).get(key):
                    for word in words[first:last]:
                        found.setdefault(stem(word), {})[key] = SURE
    return found
