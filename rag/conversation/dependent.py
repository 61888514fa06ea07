"""Whether a question needs the conversation before it to be understood.

Rules over its words. In doubt it stands alone: a new subject must not be mixed with an old one.
"""

import re
from collections.abc import Sequence

from index.words import STOPWORDS, Token, tokens
from rag.mentions import mentions
from rag.understand import Kind, names_kind

AUXILIARIES = frozenset(
    """is are was were be been do does did has have had will would can could shall should may might
    must""".split()
)
ASKING = frozenset("who whom whose what which where when why how".split())
PERSONAL = frozenset("he she him her his hers himself herself".split())
NEUTER = frozenset("it its they them their theirs itself themselves".split())
_OPENERS = frozenset("and but or so also then ok okay well".split())
_COUNTING = frozenset({"many"})
_RELATIVE = re.compile(
    r"\b(?:(?:a|an|one|two|three|four|five|six|several|\d+|the|some) )?"
    r"(?:day|week|month|year|decade)s? (?:later|earlier|before|after|on)\b(?= *[?.!]*$)"
    r"|\bthe (?:following|next|previous|preceding) (?:day|week|month|year)\b(?= *[?.!]*$)"
    r"|\b(?:afterwards?|beforehand|later|earlier|meanwhile|previously|since)\b(?= *[?.!]*$)"
    r"|\b(?:since|until|before|by|after) (?:then|that)\b",
    re.IGNORECASE,
)
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
_PREPOSITIONS = frozenset(
    "in on at by from since until after before for to compared during".split()
)
_THE_SAME = re.compile(
    r"\b(?:the same|the (?:others?|rest|latter)|which ones?|the (?:first|second|last|other) one)\b"
    r"(?! (?:day|time) as\b)",
    re.IGNORECASE,
)
_IDLE_IT = re.compile(
    r"\b(?:take|took|cost|costs) [^?]*\bto \w+|\bit (?:true|possible|known|clear|likely|said)\b"
    r"|\bit (?:take|cost)s? (?:\w+ )?to \w+",
    re.IGNORECASE,
)
_EXISTENTIAL = re.compile(
    r"\b(?:is|are|was|were|be|been) there\b|\bthere (?:is|are|was|were)\b", re.I
)
_MORE = re.compile(r"(?:and |please )?(?:tell me more|more (?:details?|on that)|go on)\b", re.I)
_DEFINES = re.compile(r"(?:what|who) (?:is|are|was|were)\b", re.IGNORECASE)
_CLAUSES = frozenset(
    "and or but when after before because that who which while if since as".split()
)
_OBJECTS = frozenset("it him them".split())
_POLITE = frozenset("thank thanks hello hi hey please ok okay yes no bye great good".split())
POOR = 2  # words that say something; with no more, a question leans on what was said before
POOR_DEFINITE = 3  # the same where one of them has "the" before it


def content(text: str) -> list[Token]:
    """The words of a question that say something, in order."""
    return [
        token
        for token in tokens(text)
        if token.word not in STOPWORDS | ASKING | AUXILIARIES | _OPENERS | _COUNTING
        and "-" not in text[token.start : token.end]
    ]


def _wants_more(question: str) -> bool:
    return bool(_MORE.match(question))


def depends(question: str, earlier: str) -> bool:
    """Whether a question cannot be understood without `earlier`, the words said before it."""
    words = [token.word for token in tokens(question)]
    said = content(question)
    if not words or (len(said) == len(words) == 1 and words[0] in _POLITE):
        return False
    if (
        _wants_more(question)
        or not said
        or _RELATIVE.search(question)
        or _THE_SAME.search(question)
    ):
        return True
    if _points(question) or _pronoun(question) or _elsewhere(question, words):
        return True
    return _is_fragment(question, words, said) or _leans(question, words, said, earlier)


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


def _is_fragment(question: str, words: Sequence[str], said: Sequence[Token]) -> bool:
    """True for "What about Turkey?", "In 2020?", "How many Sudanese?": no clause of its own."""
    if re.match(r"(?:and |but |so )?(?:what|how) (?:about|of)\b", question, re.IGNORECASE):
        return True
    opened = words[0] in _OPENERS
    rest = list(words[1:] if opened else words)
    if not rest or (opened and len(said) <= POOR):
        return True
    if set(rest) & AUXILIARIES:
        return _counts_nothing(rest, said)
    if rest[0] in {
        "in",
        "on",
        "at",
        "by",
        "from",
        "since",
        "until",
        "after",
        "before",
        "for",
        "to",
    }:
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
