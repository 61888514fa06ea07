"""What a pronoun, "there" or "then" points back to."""

import re
from collections.abc import Sequence

from rag.conversation.noun_phrases import asked_for, is_plural, noun_phrases
from rag.conversation.turns import Turn
from rag.conversation.words import PERSONAL
from rag.mention import Mention
from rag.mentions import mentions
from rag.understand import Kind, understand


def meaning(word: str, after: str, turns: Sequence[Turn]) -> str | None:
    """What a word points back to: nearest first, in the answer before its question for persons,
    places and times that the question asked for.
    """
    if word in PERSONAL:
        return _named(turns, {Kind.PERSON}, after)
    if word == "there":
        place = _named(turns, {Kind.PLACE}, after)
        return f"in {place}" if place else None
    if word == "then":
        time = _named(turns, {Kind.DATE}, after)
        return f"in {time}" if time else None
    last = turns[-1]
    if word.startswith("the"):  # they, them, their
        return _plural(last) or _thing(last)
    return _thing(last)


def _named(turns: Sequence[Turn], kinds: set[Kind], after: str) -> str | None:
    for turn in reversed(turns):
        asked = bool({understand(turn.question).kind} & kinds)
        texts = (turn.claim, turn.question) if asked else (turn.question, turn.claim)
        for text in texts:
            avoid = turn.question if asked and text == turn.claim else ""
            for one in mentions(text):
                name = text[one.start : one.end]
                if (
                    one.kinds & kinds
                    and name not in after
                    and name not in avoid
                    and _sure(one, kinds)
                ):
                    return name
    return None


def _sure(one: Mention, kinds: set[Kind]) -> bool:
    """A name that may be a person's is not an organisation's or a country's."""
    return not (Kind.PERSON in kinds and Kind.COUNTRY in one.kinds)


def _plural(last: Turn) -> str | None:
    """The several that the last question was about."""
    spot = asked_for(last.question)
    if spot is not None and is_plural(last.question[spot[0] : spot[1]]):
        return f"the {last.question[spot[0] : spot[1]]}"
    found = [last.question[start:end] for start, end in noun_phrases(last.question)]
    counted = re.search(r"\b\d[\d,]* ((?:[a-z]+ )?[a-z]{3,}s)\b", last.claim)
    if counted is not None:
        found.append(f"the {counted[1]}")
    return next((phrase for phrase in found if is_plural(phrase)), None)


def _thing(last: Turn) -> str | None:
    """The one thing that the last question was about: its noun with an article, or its name."""
    if understand(last.question).kind in {Kind.ORGANISATION, Kind.NAME}:
        for one in mentions(last.claim):
            name = last.claim[one.start : one.end]
            if Kind.ORGANISATION in one.kinds and name not in last.question:
                return f"the {name}" if " " in name else name
    phrases = [last.question[start:end] for start, end in noun_phrases(last.question)]
    found = next((each for each in phrases if not is_plural(each)), None)
    if found is not None:
        return found
    for text in (last.question, last.claim):
        for one in mentions(text):
            if one.kinds & {Kind.ORGANISATION, Kind.PLACE, Kind.NAME}:
                return text[one.start : one.end]
    return None
