"""Complete a follow-up by rule: what it leaves out is carried over from the turn before it."""

import re
from collections.abc import Sequence

from index.words import tokens
from rag.conversation.dates_moved import SHIFT, at_another_time
from rag.conversation.parts_exchanged import PREPOSITION, exchanged
from rag.conversation.pronouns_resolved import resolved
from rag.conversation.things_counted import counted
from rag.conversation.turns import Turn
from rag.conversation.what_was_said import asked_again, with_claim
from rag.conversation.words import ABOUT, NEUTER, PERSONAL
from rag.understand import ASKING, AUXILIARIES

_OPENER = re.compile(r"^(?:(?:and|but|so|or|also|then|ok|okay|well)\b,? *)+", re.IGNORECASE)


def complete(question: str, turns: Sequence[Turn]) -> str:
    """The question with what it leaves out taken from the last turn; one line."""
    bare = _OPENER.sub("", question).strip()
    last = turns[-1]
    if not any(c.isalnum() for c in bare):
        bare = question
    elif bare != question and not ABOUT.match(bare) and _is_bare_noun(bare):
        bare = f"what about {bare}"
    if re.match(r"(?:please )?(?:tell me more|more (?:details?|on that)|go on)\b", bare, re.I):
        return _tidy(last.question)
    for rule in (with_claim, at_another_time, exchanged, counted, asked_again):
        if (found := rule(bare, last)) is not None:
            return _tidy(found)
    return _tidy(resolved(bare, turns))


def _is_bare_noun(question: str) -> bool:
    words = {token.word for token in tokens(question)}
    odd = (
        ASKING | AUXILIARIES | PERSONAL | NEUTER | {"that", "this", "according", "later", "earlier"}
    )
    return not words & odd and not PREPOSITION.match(question) and not SHIFT.search(question)


def _tidy(question: str) -> str:
    question = " ".join(question.split()).rstrip(" ?.,") + "?"
    return question[0].upper() + question[1:]
