"""Examples made of news articles and questions written for this purpose (training/reader/articles).

The events and most of the people are invented. What rules cannot make is here: questions that an
article seems to answer and does not, each with the words that mislead, and questions in quite other
words than the article's.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.words import terms
from training.reader.data import (
    NEITHER,
    REFUTED,
    SUPPORTED,
    WINDOW,
    Example,
    around,
    sentences,
    titled,
)

ARTICLES = Path(__file__).with_name("articles")
HELD = 8  # one story in so many is kept out, for calibration
CHUNK = 900  # characters, about as many as the product reads at a time
RELATIONS = {"supported": SUPPORTED, "refuted": REFUTED, "unsaid": NEITHER}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where the words stand that answer it or, if nothing does, mislead.

    Of the tellings of a story, no other answers a question that is `alone`.
    """

    question: str
    answered: bool
    words: tuple[int, int]
    alone: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim, what its article says of it, and where the words stand that decide or mislead."""

    claim: str
    relation: int
    words: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """An article with questions and claims; articles with one `story` tell of the same events."""

    story: tuple[str, str]
    title: str
    text: str
    asked: tuple[Asked, ...]
    claimed: tuple[Claimed, ...]


def written(held: bool) -> list[Written]:
    """The articles to learn from, or those that are held out."""
    found = []
    for path in sorted(ARTICLES.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        stories = {row.get("story", row["title"]): None for row in rows}
        kept = set(list(stories)[HELD - 1 :: HELD])
        for row in rows:
            story = row.get("story", row["title"])
            if (story in kept) == held:
                found.append(_written((path.stem, story), row))
    return found


def _written(story: tuple[str, str], row: dict) -> Written:
    text, once = row["text"], "story" not in row
    answered = [
        Asked(
            one["q"],
            True,
            _place(text, one["a"], one.get("in") or one["a"]),
            one.get("only", once),
        )
        for one in row["answered"]
    ]
    lured = [
        Asked(one["q"], False, _place(text, one["lure"]), one.get("open", once))
        for one in row["unanswered"]
    ]
    claimed = [
        Claimed(one["c"], RELATIONS[one["is"]], _place(text, one["at"])) for one in row["claims"]
    ]
    return Written(story, row["title"], text, (*answered, *lured), tuple(claimed))


def _place(text: str, words: str, within: str = "") -> tuple[int, int]:
    start = text.index(within or words)
    start = text.index(words, start)
    return start, start + len(words)


def by_title(articles: Sequence[Written]) -> dict[str, str]:
    """The articles' texts by their titles."""
    return {one.title: one.text for one in articles}


def examples(articles: Sequence[Written], draw: random.Random) -> Iterator[Example]:
    """Each question beside a chunk with its words, and some beside what says nothing of it; each
    claim beside its words.
    """
    for one in articles:
        others = [
            other for other in articles if other.story[0] == one.story[0] and other is not one
        ]
        tellings = [other for other in others if other.story == one.story]
        others = [other for other in others if other.story != one.story]
        for asked in one.asked:
            yield _beside_words(one, asked, draw)
            if draw.random() < 0.4:
                yield from _elsewhere(one, asked, draw)
            if others and draw.random() < 0.25:
                yield _beside_another(asked, draw.sample(others, min(12, len(others))), draw)
            if tellings and asked.alone and draw.random() < 0.6:
                yield _beside(asked, draw.choice(tellings), draw)
        for claimed in one.claimed:
            text, _ = around(one.text, claimed.words, WINDOW, draw)
            yield Example(claimed.claim, text, relation=claimed.relation)
            if others and draw.random() < 0.5:
                # Else few words in common would come to mean support: most true claims have few.
                yield Example(claimed.claim, _any_part(draw.choice(others), draw), relation=NEITHER)


def _beside_words(one: Written, asked: Asked, draw: random.Random) -> Example:
    text, start = around(one.text, asked.words, draw.choice([WINDOW, CHUNK]), draw)
    span = (asked.words[0] - start, asked.words[1] - start) if asked.answered else None
    return titled(Example(asked.question, text, asked.answered, span, True), one.title)


def _elsewhere(one: Written, asked: Asked, draw: random.Random) -> Iterator[Example]:
    """The question beside another part of its article, if that lacks every word of the answer."""
    place = draw.randrange(len(one.text))
    text, start = around(one.text, (place, place), WINDOW, draw)
    answer = set(terms(one.text[slice(*asked.words)]))
    apart = start + len(text) <= asked.words[0] or start >= asked.words[1]
    if apart and not answer & set(terms(text)):
        yield titled(Example(asked.question, text, False, None, True), one.title)


def _beside_another(asked: Asked, others: Sequence[Written], draw: random.Random) -> Example:
    """The question beside the one of some other stories that shares most words with it."""
    wanted = _words(asked.question)
    return _beside(asked, max(others, key=lambda one: len(wanted & _words(one.text))), draw)


def _beside(asked: Asked, other: Written, draw: random.Random) -> Example:
    """The question beside a part of an article that does not answer it: mostly the likest one."""
    text = _any_part(other, draw) if draw.random() < 0.3 else _likest_part(asked, other, draw)
    return titled(Example(asked.question, text, False, None, True), other.title)


def _likest_part(asked: Asked, one: Written, draw: random.Random) -> str:
    wanted = _words(asked.question)
    spans = sentences(one.text)
    likest = max(spans, key=lambda span: len(wanted & _words(one.text[slice(*span)])))
    return around(one.text, likest, draw.choice([WINDOW, CHUNK]), draw)[0]


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def _any_part(one: Written, draw: random.Random) -> str:
    place = draw.randrange(len(one.text))
    return around(one.text, (place, place), CHUNK, draw)[0]
