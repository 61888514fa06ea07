"""What is counted, where a question leaves it out: "And how many were Syrian?"."""

import re

from rag.conversation.noun_phrases import asked_for
from rag.conversation.turns import Turn, plain
from rag.conversation.words import content, stems

_COUNTED = re.compile(r"^how (many|much) (?=(?:is|are|was|were|have|had|did|do|of)\b)", re.I)


def counted(question: str, last: Turn) -> str | None:
    """What is counted and left out, from the last question."""
    bare = _COUNTED.match(question)
    if bare is None or re.match(r"how (?:many|much) of them", question, re.IGNORECASE):
        return None
    spot = asked_for(last.question)
    if spot is None:
        return None
    noun = last.question[spot[0] : spot[1]]
    rest = last.question[spot[1] :]
    own = stems(question) | stems(noun)
    told = [
        last.question[spot[1] + token.start : spot[1] + token.end]
        for token in content(rest)
        if token.stem not in own
    ]
    context = f" ({' '.join(told)})" if told else ""
    return f"{question[: bare.end()]}{noun} {plain(question[bare.end() :])}{context}"
