"""Words of a question that point at something said before it: "that report", "he", "there"."""

import re
from collections.abc import Sequence

from index.words import STOPWORDS, Token, tokens
from rag.conversation.words import NEUTER, PERSONAL
from rag.understand import ASKING, AUXILIARIES

_POINTING = re.compile(
    r"\b(?:is|are|was|were|did|does|do|has|have|had|will|would|could|can|about|of|after|before|to|"
    r"by|with|for|from|than|in|on|at|against|behind|into|under|during) (?:this|that|these|those)\b"
    r"(?! (?:year|week|month|morning|who|which|season|century|summer|winter)\b)"
    r"|\b(?:this|that|these|those)(?= *[?.!]*$)"
    r"|\b(?:this|these|those) (?!year|week|month|morning|who|which|season|century|days\b)[a-z]+"
    r"|^(?:and |but |so )?that\b",
    re.IGNORECASE,
)
_SAID_THAT = re.compile(r"\b(?:say|says|said|claim\w*|announce\w*|warn\w*|report\w*) that \w", re.I)
_IDLE_IT = re.compile(
    r"\b(?:take|took|cost|costs) [^?]*\bto \w+|\bit (?:true|possible|known|clear|likely|said)\b"
    r"|\bit (?:take|cost)s? (?:\w+ )?to \w+",
    re.IGNORECASE,
)
_EXISTENTIAL = re.compile(
    r"\b(?:is|are|was|were|be|been) there\b|\bthere (?:is|are|was|were)\b", re.I
)
_CLAUSES = frozenset(
    "and or but when after before because that who which while if since as".split()
)
_OBJECTS = frozenset("it him them".split())


def points_back(question: str, words: Sequence[str]) -> bool:
    """Whether any of a question's words points at something that it does not name itself."""
    return _points(question) or _pronoun(question) or _elsewhere(question, words)


def _points(question: str) -> bool:
    """True for "that report", "who said that?"; not for "said that Libya would vote"."""
    found = _POINTING.search(question)
    return bool(found) and not _SAID_THAT.search(question[found.start() :] if found else "")


def _pronoun(question: str) -> bool:
    """A pronoun for which the question itself has nothing before it."""
    found = list(tokens(question))
    for place, token in enumerate(found):
        if token.word not in PERSONAL | NEUTER or (token.capital and token.word == "it"):
            continue
        if token.word == "it" and _IDLE_IT.search(question):
            continue
        before = found[:place]
        subject = bool(before) and before[-1].word in AUXILIARIES
        if subject and not any(
            one.word in {"after", "before", "when", "while"} for one in before[1:]
        ):
            return True  # "did it", "was she": the question's own subject
        after = found[place + 1].word if place + 1 < len(found) else ""
        is_object = token.word in _OBJECTS and (not after or after in STOPWORDS)
        if is_object and not {one.word for one in before[1:]} & _CLAUSES:
            return True  # a clause's object is not its subject: "What is the bank doing about it?"
        if not _antecedent(before, token.word in PERSONAL):
            return True
    return False


def _antecedent(before: Sequence[Token], person: bool) -> bool:
    """Whether words before a pronoun may be what it means: a name, or a noun after an article."""
    for place, token in enumerate(before):
        if token.capital and place > 0 and token.word not in ASKING:
            return True
        determined = place > 0 and before[place - 1].word in {"the", "a", "an"}
        if determined and token.word not in STOPWORDS:
            return True
        if (
            not person
            and place > 0
            and before[place - 1].word in {"which", "what", "whose", "many"}
        ):
            return token.word not in AUXILIARIES
    return False


def _elsewhere(question: str, words: Sequence[str]) -> bool:
    """True for "there" for a place and "then" for a time that were named before."""
    if "there" in words and not _EXISTENTIAL.search(question):
        return True
    return "then" in words[1:] and not re.search(r"\b(?:the then|if\b.*\bthen)\b", question, re.I)
