"""Fragments that exchange one part of the last question: "What about Turkey?", "And in 2020?"."""

import re

from index.words import tokens
from rag.conversation.asked_otherwise import asked_with_preposition, other_asking
from rag.conversation.names_exchanged import with_name
from rag.conversation.noun_phrases import asked_for, noun_phrases
from rag.conversation.turns import Turn, plain
from rag.conversation.words import ABOUT, NEUTER, PERSONAL, content
from rag.mentions import mentions
from rag.understand import ASKING, AUXILIARIES

PREPOSITION = re.compile(r"^(in|on|at|by|from|since|until|after|before|for|to|during) ", re.I)
_BEFORE_ASKING = frozenset("in on at by from since".split())


def exchanged(question: str, last: Turn) -> str | None:
    """The last question with one of its parts exchanged for what a fragment names."""
    bare = plain(question)
    about = ABOUT.match(bare)
    rest = bare[about.end() :] if about else bare
    words = [token.word for token in tokens(rest)]
    if not words or (set(words) & AUXILIARIES) or set(words) & (PERSONAL | NEUTER):
        return None
    if words[0] in ASKING:
        return other_asking(rest, words, last)
    if words[0] in _BEFORE_ASKING and words[1:2] and words[1] in ASKING:
        return asked_with_preposition(rest, last)
    if words[:2] == ["according", "to"] or words[0] == "compared":
        return f"{plain(last.question)}, {rest}"
    named = [one for one in mentions(rest) if one.end - one.start > 1]
    preposition = PREPOSITION.match(rest)
    said = {token.word for token in content(rest)}
    if named and (preposition or about or len(said) <= len(rest[named[-1].start :].split()) + 1):
        return with_name(last.question, rest, named[-1], preposition)
    if about or words[0] == "the":
        return _other_noun(rest, last)
    return None


def _other_noun(rest: str, last: Turn) -> str:
    """Another thing than the one that was asked about: "What about the trench?"."""
    noun = re.sub(r"^(?:the|a|an) ", "", rest, flags=re.IGNORECASE)
    spot = asked_for(last.question)
    if spot is not None:
        return last.question[: spot[0]] + noun + last.question[spot[1] :]
    phrases = noun_phrases(last.question)
    if phrases:
        start, end = phrases[0]
        return f"{last.question[:start]}{rest}{last.question[end:]}"
    subject = re.search(
        r"\b(?:did|does|do|has|have|had|is|are|was|were|will) ([a-z]{3,})\b", last.question
    )
    if subject is not None:
        return f"{last.question[: subject.start(1)]}{rest}{last.question[subject.end(1) :]}"
    return f"{plain(last.question)} ({rest})"
