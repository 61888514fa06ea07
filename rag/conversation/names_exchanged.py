"""A name of the last question exchanged for another of its kind."""

import re

from rag.conversation.noun_phrases import asked_for
from rag.conversation.turns import plain
from rag.mention import Mention
from rag.mentions import mentions
from rag.understand import Kind, understand

_PLACING = frozenset("in at from on to of".split())
_ALTERNATIVE = {Kind.PEOPLE: Kind.COUNTRY, Kind.COUNTRY: Kind.PEOPLE}


def with_name(question: str, rest: str, new: Mention, preposition: re.Match[str] | None) -> str:
    """The question with a fragment's name in place of one of its kind, or else behind it.

    `new` is the name in `rest`, and `preposition` the one that `rest` begins with.
    """
    old = _counterpart(question, rest, new, preposition)
    return _put(question, old, rest, new, preposition)


def _counterpart(
    question: str, rest: str, new: Mention, preposition: re.Match[str] | None
) -> Mention | None:
    """What the last question names of the same kind, best after the same preposition."""
    wanted = preposition[1].lower() if preposition else ""

    def fit(old: Mention) -> tuple[int, int]:
        found = re.search(r"(\w+) (?:the )?$", question[: old.start])
        before = found[1].lower() if found else ""
        alike = before == wanted if wanted else before not in _PLACING
        return len(old.kinds & new.kinds) + 4 * alike, old.start

    wider = new.kinds | {_ALTERNATIVE[kind] for kind in new.kinds if kind in _ALTERNATIVE}
    alike = [old for old in mentions(question) if (old.kinds & wider) - {Kind.NAME}]
    if not alike:
        alike = [old for old in mentions(question) if old.kinds & new.kinds]
    return max(alike, key=fit, default=None)


def _put(
    question: str,
    old: Mention | None,
    rest: str,
    new: Mention,
    preposition: re.Match[str] | None,
) -> str:
    words = rest[new.start : new.end]
    bare = plain(question)
    if old is None and Kind.PEOPLE in new.kinds and (counted := of_people(question, words)):
        return counted
    if old is None:
        told = rest if preposition else f"({rest})"
        return f"{bare} {told}"
    was = question[old.start : old.end]
    if Kind.PEOPLE in old.kinds & new.kinds and not was.endswith("s"):
        words = words.removesuffix("s")  # "How many Sudanese fighters": "the Chadians" are Chadian
    return f"{bare[: old.start]}{words}{bare[old.end :]}"


def of_people(question: str, name: str) -> str | None:
    """What is counted, of another people: "How many Russian fighters did the UN estimate?"."""
    spot = asked_for(question)
    if spot is None or understand(question).kind is not Kind.COUNT:
        return None
    noun = question[spot[0] : spot[1]].split()[-1]
    adjective = name if name.endswith("ese") else name.removesuffix("s")
    return f"{question[: spot[0]]}{adjective} {noun}{plain(question[spot[1] :])}"
