"""Where gold evidence stands in a home: article ids and character offsets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rag.evaluation.gold import Evidence, GoldItem

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


class Locator:
    """Finds evidence in the articles of one home. White space may differ, words may not."""

    def __init__(self, engine: "QueryEngine") -> None:
        self._engine = engine
        self._named: dict[str, set[str]] = {}
        self._ids: list[str] = []
        self._squeezed: dict[str, _Squeezed] = {}
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
        quote, _ = _squeeze(evidence.quote)
        places = [place for one in sorted(ids) for place in self._text(one).find(one, quote)]
        return Located(evidence, tuple(places), frozenset(ids))

    def _by_context(self, evidence: Evidence) -> Located:
        context = evidence.context or ""
        around, _ = _squeeze(context)
        before, _ = _squeeze(context[: evidence.start] + "\0")  # keeps the space at its end
        quote, _ = _squeeze(evidence.quote)
        shift = len(before) - 1
        places = [
            place
            for one in self._ids
            for place in self._text(one).find(one, around, shift, len(quote))
        ]
        return Located(evidence, tuple(places), frozenset(place.article for place in places))

    def _text(self, article_id: str) -> "_Squeezed":
        if article_id not in self._squeezed:
            article = self._engine.article(article_id)
            self._squeezed[article_id] = _Squeezed(article.text if article else "")
        return self._squeezed[article_id]


class _Squeezed:
    """A text with every run of white space as one space, and the way back to its offsets."""

    def __init__(self, text: str) -> None:
        self._original = text
        self.text = _squeeze(text)[0]

    @cached_property
    def _offsets(self) -> list[int]:
        return _squeeze(self._original)[1]

    def find(
        self, article: str, words: str, shift: int = 0, length: int | None = None
    ) -> list[Place]:
        """Everywhere that squeezed words stand; or `length` characters, `shift` after there."""
        places = []
        start = self.text.find(words)
        while words and start >= 0:
            first = start + shift
            last = first + (len(words) if length is None else length) - 1
            places.append(Place(article, self._offsets[first], self._offsets[last] + 1))
            start = self.text.find(words, start + 1)
        return places


def _squeeze(text: str) -> tuple[str, list[int]]:
    """The text without space around it and with single spaces, and each character's offset."""
    kept: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        if not char.isspace():
            kept.append(char)
            offsets.append(offset)
        elif kept and kept[-1] != " ":
            kept.append(" ")
            offsets.append(offset)
    if kept and kept[-1] == " ":
        kept.pop()
    return "".join(kept), offsets


def warnings(items: Sequence[GoldItem], located: Iterable[Sequence[Located]]) -> tuple[str, ...]:
    """What the home lacks of the evidence, counted and named."""
    lacking: dict[str, int] = {}
    unquoted: list[str] = []
    for item, pieces in zip(items, located, strict=True):
        for piece in pieces:
            if not piece.articles:
                name = piece.evidence.article or f"the paragraph of {item.id}"
                lacking[name] = lacking.get(name, 0) + 1
            elif not piece.places:
                unquoted.append(item.id)
    told = []
    if lacking:
        told.append(
            f"{_number(sum(lacking.values()), 'piece')} of evidence from "
            f"{_number(len(lacking), 'article')} not in the home ({_some(lacking)}): "
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
