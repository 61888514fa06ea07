"""Words that point back, replaced by what they mean."""

import re
from collections.abc import Sequence

from rag.conversation.meanings import meaning
from rag.conversation.names_missing import missing_names, topic
from rag.conversation.turns import Turn, plain
from rag.conversation.words import content, stems

_OWNING = frozenset({"his", "its", "their"})
_BACK = re.compile(r"\b(?:he|she|him|her|his|it|its|they|them|their|there|then)\b", re.IGNORECASE)
_MOST_WORDS = 4


def resolved(question: str, turns: Sequence[Turn]) -> str:
    """Each word that points back replaced by what it means; then the names still missing."""
    used: list[str] = []

    def meant(match: re.Match[str]) -> str:
        word = match.group().lower()
        found = meaning(word, question[match.end() :], turns)
        if found is None:
            return match.group()
        used.append(found)
        return (
            f"{found}’s" if word in _OWNING or (word == "her" and _owns(question, match)) else found
        )

    completed = _BACK.sub(meant, question)
    missing = missing_names(completed, turns[-1], used)
    if not used and not stems(completed) & stems(" ".join(topic(turns[-1]))):
        missing = topic(turns[-1]) + missing
    if not missing and not used:  # nothing to point at: what it was all about, in its own words
        said = content(turns[-1].question)[:_MOST_WORDS]
        missing = [" ".join(turns[-1].question[one.start : one.end] for one in said)]
    told = ", ".join(filter(None, missing))
    return f"{plain(completed)} ({told})" if told else completed


def _owns(question: str, match: re.Match[str]) -> bool:
    return bool(re.match(r" [a-z]", question[match.end() :]))
