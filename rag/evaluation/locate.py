"""Where gold evidence stands in a home: article ids and character offsets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rag.evaluation.items import Evidence, GoldItem

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_MOST_NAMES = 3  # articles that a warning names


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of one article: the half-open range of offsets in its text."""

    article: str
    start: int
    end: int

    def overlaps(self, other: "Place") -> bool:
        """Whether the two share at least one character."""
        same = self.article == other.article
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Located:
    """One piece of evidence in the home: everywhere that its words stand, and the ids of the
    articles it names. Either is empty where the home does not hold it.
    """

    evidence: Evidence
    places: tuple[Place, ...]
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Of all `pieces` of evidence, how many name an article that is not in the home, and how many
    are not in the text of the one they name.
    """

    pieces: int
    not_in_home: int
    not_in_text: int


class Locator:
    """Finds evidence in the articles of one home. White space may differ, words may not."""

    def __init__(self, engine: "QueryEngine") -> None:
        self._engine = engine
        self._named: dict[str, set[str]] = {}
        self._ids: list[str] = []
        self._texts: dict[str, _Squeezed] = {}
        self._holding: dict[str, list[tuple[str, int]]] = {}
        for row in engine.articles():
            self._ids.append(row.id)
            file_name = row.source.rpartition("/")[2]
            for name in (row.id, row.source, file_name, row.metadata.url):
                if name:
                    self._named.setdefault(name, set()).add(row.id)

    def locate(self, evidence: Evidence) -> Located:
        """Find one piece of evidence. A name that several articles share stands for all."""
        if evidence.article is None:
            return self._by_context(evidence)
        ids = self._named.get(evidence.article, set())
        quote = _squeeze(evidence.quote)
        places = [
            self._text(one).place(one, start, len(quote))
            for one in sorted(ids)
            for start in self._text(one).starts(quote)
        ]
        return Located(evidence, tuple(places), frozenset(ids))

    def _by_context(self, evidence: Evidence) -> Located:
        context = evidence.context or ""
        if context not in self._holding:
            around = _squeeze(context)
            self._holding[context] = [
                (one, start) for one in self._ids for start in self._text(one).starts(around)
            ]
        shift = len(_squeeze(context[: evidence.start] + "\0")) - 1  # keeps the space before it
        length = len(_squeeze(evidence.quote))
        places = [
            self._text(one).place(one, start + shift, length)
            for one, start in self._holding[context]
        ]
        return Located(evidence, tuple(places), frozenset(place.article for place in places))

    def _text(self, article_id: str) -> "_Squeezed":
        if article_id not in self._texts:
            article = self._engine.article(article_id)
            self._texts[article_id] = _Squeezed(article.text if article else "")
        return self._texts[article_id]


class _Squeezed:
    """A text with every run of white space as one space, and the way back to its offsets."""

    def __init__(self, text: str) -> None:
        self._original = text
        self._text = _squeeze(text)

    def starts(self, words: str) -> Iterator[int]:
        """Where squeezed words start in the squeezed text."""
        start = self._text.find(words) if words else -1
        while start >= 0:
            yield start
            start = self._text.find(words, start + 1)

    def place(self, article: str, start: int, length: int) -> Place:
        """The place in the article of some characters of the squeezed text."""
        return Place(article, self._offsets[start], self._offsets[start + length - 1] + 1)

    @cached_property
    def _offsets(self) -> list[int]:
        """The offset in the article of each character of the squeezed text."""
        kept: list[int] = []
        for match in re.finditer(r"\S+", self._original):
            if kept:
                kept.append(match.start() - 1)
            kept.extend(range(match.start(), match.end()))
        return kept


def _squeeze(text: str) -> str:
    """The text without space around it and with single spaces."""
    return " ".join(text.split())


def lacking(located: Iterable[Sequence[Located]]) -> Lacking:
    """How much of the evidence the home lacks."""
    pieces = [piece for each in located for piece in each]
    gone = sum(not piece.articles for piece in pieces)
    unplaced = sum(not piece.places for piece in pieces)
    return Lacking(len(pieces), gone, unplaced - gone)


def warnings(items: Sequence[GoldItem], located: Iterable[Sequence[Located]]) -> tuple[str, ...]:
    """What the home lacks of the evidence, counted and named."""
    absent: dict[str, int] = {}
    unquoted: list[str] = []
    for item, pieces in zip(items, located, strict=True):
        for piece in pieces:
            if not piece.articles:
                name = piece.evidence.article or f"the paragraph of {item.id}"
                absent[name] = absent.get(name, 0) + 1
            elif not piece.places:
                unquoted.append(item.id)
    told = []
    if absent:
        told.append(
            f"{_number(sum(absent.values()), 'piece')} of evidence from "
            f"{_number(len(absent), 'article')} not in the home ({_some(absent)}): "
            "counted as not found. Ingest what is missing, or check the names."
        )
    if unquoted:
        told.append(
            f"{_number(len(unquoted), 'piece')} of evidence not in the text of the named article "
            f"({_some(dict.fromkeys(unquoted))}): counted as not found. Check the quoted words."
        )
    return tuple(told)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = len(listed) - _MOST_NAMES
    return ", ".join(listed[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
