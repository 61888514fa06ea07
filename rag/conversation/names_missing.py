"""The names of the last question that a completed one still lacks."""

from collections.abc import Sequence

from rag.conversation.noun_phrases import asked_for
from rag.conversation.turns import Turn
from rag.conversation.words import stems
from rag.mentions import mentions
from rag.understand import Kind, understand

_MOST_NAMES = 3  # carried over beside the words that are replaced


def topic(last: Turn) -> list[str]:
    """What the last question was about, in its own words."""
    asked = understand(last.question)
    spot = asked_for(last.question)
    counted = spot is not None and asked.kind is Kind.COUNT
    return [last.question[spot[0] : spot[1]]] if spot and counted else []


def missing_names(question: str, last: Turn, used: Sequence[str]) -> list[str]:
    """The names of the last question that the completed one lacks."""
    have = stems(question)
    found = _carried(last.question) or _carried(last.claim)
    person = any(name in used for name, kinds in _carried(last.claim) + found if _human(kinds))
    names = [
        name
        for name, kinds in found
        if not stems(name) & have and not (person and _human(kinds) and not name.isupper())
    ]
    return list(dict.fromkeys(names))[:_MOST_NAMES]


def _carried(text: str) -> list[tuple[str, frozenset[Kind]]]:
    wanted = {Kind.NAME, Kind.PEOPLE, Kind.PLACE, Kind.COUNTRY}
    return [
        (text[one.start : one.end], one.kinds)
        for one in mentions(text)
        if one.kinds & wanted and Kind.DATE not in one.kinds
    ]


def _human(kinds: frozenset[Kind]) -> bool:
    return Kind.PERSON in kinds and Kind.PLACE not in kinds
