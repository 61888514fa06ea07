"""Questions to begin with, made by rule from what the newest articles say.

A rule turns a plain sentence round: "Ten military bases are in foreign hands" becomes "How many
military bases are in foreign hands?". Only questions that get an answer from that very article
are offered; where the rules find too few, headlines take their place.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from index.article import Article
from index.records import ArticleRow
from index.sentences import split_sentences
from rag.dates import dates
from rag.quantities import quantities

if TYPE_CHECKING:
    from rag.engine import QueryEngine

MOST = 4
_LOOKED_AT = 30  # newest articles
_TRIED = 16  # questions asked; each takes some 100 ms
_SURE = 0.5  # the confidence of an answer that is worth offering
_LONGEST = 110  # characters
_LEAST_WORDS = 4
# What means something only together with other sentences makes no question that stands alone.
_HANGING = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|we|our|us|I|my|you|"
    r"there|others?|here|which|who|such|so|also|then|both)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(  # "TUNIS, December 3. /Harbour Wire/. "
    r"^(?:[A-Z][A-Z .,'-]{2,}\b[^./]{0,20}(?:[-–—]|\. /[^/]+/\.)\s+)"
)
_NOUNS = re.compile(
    r" (?P<what>(?:[a-z-]+ ){0,3}?[a-z-]+s|people|men|women|children)\b(?P<rest> .+)"
)
_CLAUSE = re.compile(  # up to the end of the sentence, or to who said it
    r"(?P<words>[^,;:.!?(\"“”—–]+?)"
    r"(?:[.!?]?$|, [^,;:]{0,60}\b(?:said|says|told|warned|according)\b)"
)
_NAMED = re.compile(r" [^\W\d_a-z]")
_VERB = re.compile(r"^ (?:and [a-z]+s )?(?:are|were|have|had|[a-z]+ed|will|won|took|came|went)\b")
_PASSIVE = re.compile(
    r"^(?P<what>(?:The|A|An) [\w'’ -]{3,60}?) (?P<be>was|were) "
    r"(?P<did>[a-z]+(?: (?:again|open|up|down))?) (?:on|in|late on|early on) "
)
_MEASURED = re.compile(r"^(?P<what>The [\w'’ -]{3,50}?) (?P<did>cost|weighed) ")
_MEASURING = {"cost": "cost", "weighed": "weigh"}


def suggestions(engine: "QueryEngine") -> tuple[str, ...]:
    """At most MOST questions from different articles, the newest first; none for an empty home."""
    asked = engine.variant(quoting=True, strict=False)
    newest = sorted(engine.articles(), key=lambda row: row.metadata.published or "", reverse=True)[
        :_LOOKED_AT
    ]
    found: dict[str, str] = {}
    tried = 0
    for identity, question in chain(_made(asked, newest), _headlines(newest)):
        if len(found) == MOST or tried == _TRIED:
            break
        if identity in found or question in found.values():
            continue
        tried += 1
        if _answers(asked, question, identity):
            found[identity] = question
    return tuple(found.values())


def questions(article: Article) -> Iterator[str]:
    """The questions that the rules make of an article's sentences, in order."""
    for span in split_sentences(article.text):
        words = _OPENING.sub("", article.text[span.start : span.end]).strip()
        for question in chain(_how_many(words), _when(words), _how_much(words)):
            if len(question) <= _LONGEST and len(question.split()) >= _LEAST_WORDS:
                yield question


def _made(engine: "QueryEngine", rows: list[ArticleRow]) -> list[tuple[str, str]]:
    """The articles' questions: those that name somebody or something first, because they say most
    when they stand alone; then the first question of each article, the second, and so on.
    """
    found = []
    for place, row in enumerate(rows):
        article = engine.article(row.id)
        for number, question in enumerate(dict.fromkeys(questions(article)) if article else ()):
            found.append((not _NAMED.search(question), number, place, row.id, question))
    return [(identity, question) for *_, identity, question in sorted(found)]


def _headlines(rows: list[ArticleRow]) -> Iterator[tuple[str, str]]:
    for row in rows:
        title = " ".join((row.metadata.title or "").split())
        if title and len(title) <= _LONGEST:
            yield row.id, title


def _answers(engine: "QueryEngine", question: str, identity: str) -> bool:
    """Whether the question is surely answered from the article that it was made of."""
    answer = engine.ask(question)
    sure = answer.confidence is None or answer.confidence >= _SURE
    return answer.answered and sure and any(c.article.id == identity for c in answer.citations)


def _how_many(words: str) -> Iterator[str]:
    """About 900 people watched from the wall: "How many people watched from the wall?"."""
    starts = {0, *(match.end() for match in re.finditer(r"\bthat ", words))}
    for number in quantities(words):
        if number.start not in starts:
            continue
        counted = _NOUNS.match(words[number.end :])
        clause = counted and _VERB.match(counted["rest"]) and _CLAUSE.match(counted["rest"])
        if counted and clause:
            yield from _asked("How many", f"{counted['what']}{clause['words']}")


def _when(words: str) -> Iterator[str]:
    """The coastal road was reopened on June 20: "When was the coastal road reopened?"."""
    told = _PASSIVE.match(words)
    if told and any(day.start == told.end() for day in dates(words)):
        yield from _asked("When", f"{told['be']} {_lowered(told['what'])} {told['did']}")


def _how_much(words: str) -> Iterator[str]:
    """The restoration cost 2.4 million: "How much did the restoration cost?"."""
    told = _MEASURED.match(words)
    if told and any(number.start == told.end() for number in quantities(words)):
        did = _MEASURING[told["did"]]
        yield from _asked("How much", f"did {_lowered(told['what'])} {did}")


def _asked(opening: str, words: str) -> Iterator[str]:
    if not _HANGING.search(words):
        yield f"{opening} {words}?"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
