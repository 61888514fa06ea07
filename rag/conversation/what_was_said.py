"""What was said, for questions that ask no more than that: "Who said that?", "Why?"."""

import re

from index.words import fold, tokens
from rag.conversation.turns import Turn, plain
from rag.conversation.words import NEUTER, PERSONAL, content
from rag.lexicon import country, is_common, people
from rag.understand import AUXILIARIES

_HAPPENED = (
    r"\b(?:did|was|is|has) (?:that|this)(?: (?:happen\w*|true|possible|so|the case))?(?= *[?.!]*$)"
)


def with_claim(question: str, last: Turn) -> str | None:
    """What was said, in place of a bare "that", "this" or "so"."""
    found = re.search(r"\b(?:that|this|so)(?= *[?.!]*$)", question, re.IGNORECASE)
    if found is None:
        found = re.search(_HAPPENED, question)
    if found is None:
        return None
    told = last.claim or plain(last.question)
    if re.search(r"\b(?:say|said|says|claim\w*|report\w*|think|told)\b", question[: found.start()]):
        return f"{question[: found.start()]}that {_lowered(told)}"
    return f"{plain(question)}: {told}"


def asked_again(question: str, last: Turn) -> str | None:
    """Bare asking words, with what was said or else what was asked: "Why: …"."""
    words = [token.word for token in tokens(question)]
    if content(question) or set(words) & (AUXILIARIES | PERSONAL | NEUTER) or "that" in words:
        return None
    return f"{plain(question)}: {last.claim or plain(last.question)}"


def _lowered(claim: str) -> str:
    """A sentence to go on with: its first word small unless it is a name."""
    first = claim.split()[0] if claim.split() else ""
    ordinary = is_common(fold(first)) and not country(first) and not people(first)
    return claim[0].lower() + claim[1:] if ordinary else claim
