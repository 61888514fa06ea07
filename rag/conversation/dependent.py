"""Whether a question needs the conversation before it to be understood.

Rules over its words. In doubt it stands alone: a new subject must not be mixed with an old one.
"""

import re
from collections.abc import Sequence

from index.words import STOPWORDS, Token, tokens
from rag.conversation.pointing import points_back
from rag.conversation.words import OPENERS, content
from rag.mentions import mentions
from rag.understand import ASKING, AUXILIARIES, Kind, names_kind

_RELATIVE = re.compile(
    r"\b(?:(?:a|an|one|two|three|four|five|six|several|\d+|the|some) )?"
    r"(?:day|week|month|year|decade)s? (?:later|earlier|before|after|on)\b(?= *[?.!]*$)"
    r"|\bthe (?:following|next|previous|preceding) (?:day|week|month|year)\b(?= *[?.!]*$)"
    r"|\b(?:afterwards?|beforehand|later|earlier|meanwhile|previously|since)\b(?= *[?.!]*$)"
    r"|\b(?:since|until|before|by|after) (?:then|that)\b",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset("in on at by from since until after before for to".split())
_THE_SAME = re.compile(
    r"\b(?:the same|the (?:others?|rest|latter)|which ones?|the (?:first|second|last|other) one)\b"
    r"(?! (?:day|time) as\b)",
    re.IGNORECASE,
)
_MORE = re.compile(r"^(?:and |please )?(?:tell me more|more (?:details?|on that)|go on)\b", re.I)
_DEFINES = re.compile(r"(?:what|who) (?:is|are|was|were)\b", re.IGNORECASE)
_POLITE = frozenset("thank thanks hello hi hey please ok okay yes no bye great good".split())
POOR = 2  # words that say something; with no more, a question leans on what was said before
POOR_DEFINITE = 3  # the same where one of them has "the" before it


def depends(question: str, earlier: str) -> bool:
    """Whether a question cannot be understood without `earlier`, the words said before it."""
    words = [token.word for token in tokens(question)]
    said = content(question)
    if not words or (len(said) == len(words) == 1 and words[0] in _POLITE):
        return False
    if not said or any(each.search(question) for each in (_MORE, _RELATIVE, _THE_SAME)):
        return True
    if points_back(question, words):
        return True
    return _is_fragment(question, words, said) or _leans(question, words, said, earlier)


def _is_fragment(question: str, words: Sequence[str], said: Sequence[Token]) -> bool:
    """True for "What about Turkey?", "In 2020?", "How many Sudanese?": no clause of its own."""
    if re.match(r"(?:and |but |so )?(?:what|how) (?:about|of)\b", question, re.IGNORECASE):
        return True
    opened = words[0] in OPENERS
    rest = list(words[1:] if opened else words)
    if not rest or (opened and len(said) <= POOR):
        return True
    if set(rest) & AUXILIARIES:
        return _counts_nothing(rest, said)
    if rest[0] in _PREPOSITIONS:
        return True
    if rest[:2] == ["according", "to"] or ("else" in rest and len(said) <= 1):
        return True
    if rest[0] in ASKING:
        return len(said) <= (POOR if rest[0] in {"how", "which", "what"} else 1)
    named = bool(mentions(question)) or question.rstrip().endswith("?")
    return named and (len(said) <= 1 or (rest[0] == "the" and question.rstrip().endswith("?")))


def _counts_nothing(rest: Sequence[str], said: Sequence[Token]) -> bool:
    """True for "How many were Syrian?": what is counted is left out."""
    bare = len(rest) > 2 and rest[0] == "how" and rest[1] in {"many", "much"}
    return bare and rest[2] in AUXILIARIES and len(said) <= POOR + 1


def _leans(question: str, words: Sequence[str], said: Sequence[Token], earlier: str) -> bool:
    """A question with no name or figure of its own that goes on with earlier words."""
    if any(Kind.DATE not in one.kinds for one in mentions(question)):
        return False
    distinct = {token.stem for token in said}
    if len(distinct) <= 1 and set(words) & (ASKING | AUXILIARIES):
        return not _DEFINES.match(question)
    most = POOR_DEFINITE if "the" in words else POOR
    known = {token.stem for token in tokens(earlier) if token.word not in STOPWORDS}
    goes_on = any(token.stem in known for token in said) or _definite_role(question)
    return goes_on and len(distinct) <= most


def _definite_role(question: str) -> bool:
    """True for "the company", "the mayor": someone who has been named, but not in this question."""
    found = re.findall(r"\bthe ([a-z]+)\b(?! of\b)", question)
    return any(names_kind(word) for word in found)
