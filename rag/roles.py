"""Tell who did it from whom it was done to: "Ann replaced Bo" does not say who replaced Ann.

Rules over the words around one verb: the question's own, or, for who came after whom, any that
means it.
"""

import re
from dataclasses import dataclass
from functools import cache

from index.words import stem

_NAMED = r"(?:[a-z]+ ){0,3}?[A-Z][\w.-]*(?: [A-Z][\w.-]*)*"
_HELPED = r"(?:has|had|have|will|would|is to)"
_BY = (
    re.compile(
        rf"who (?:{_HELPED} )?(?P<verb>(?!(?:is|was|are|were|did|does)\b)[a-z]+)"
        rf"(?: (?:over )?from)? {_NAMED}"
    ),
    re.compile(rf"(?:by whom|who) (?:is|was|were) {_NAMED} (?P<verb>[a-z]+ed)(?: by)?\b"),
)  # ask for the one who did it
_TO = (
    re.compile(
        rf"whom? (?:did|does|do|has|had|will|would) {_NAMED} (?P<verb>[a-z]+)"
        r"(?: (?:over )?from)?\b"
    ),
    re.compile(rf"who (?:is|was|were) (?P<verb>[a-z]+) by {_NAMED}"),
)  # ask for the one it was done to
_AFTER = re.compile(r"who (?:is|was|will be) [^?]*['’]s? (?:successor|replacement)\b")
_BEFORE = re.compile(r"who (?:(?:is|was) [^?]*['’]s? predecessor\b|preceded )")
# Verbs that go both ways, and verbs of speech, whose speaker may follow them.
_EITHER_WAY = frozenset(
    """meet met marry married wed divorced fought faced joined say says said tell tells told added
    asked wrote warned announced explained argued replied insisted noted""".split()
)
_SUCCEEDS = (
    r"(?:replac(?:e[sd]?|ing)|succeed(?:s|ed|ing)?|supplant(?:s|ed|ing)?|"
    r"(?:takes?|took|taking|taken) over from)"
)
_SUCCESSION = re.compile(rf"\b{_SUCCEEDS}\b")
# What a sentence speaks of that tells who came after whom.
_CHANGE = re.compile(
    r"\b(?:success(?:or|ion)|predecessor|replacement|appoint|nam(?:ed?|ing)\b|nominat|elect|chose|pick|"
    r"sw(?:orn|ear)|tak(?:es?|en|ing)|took|hand(?:s|ed)?\b|becom|became|inherit|promot|new\b|next\b|"
    r"interim|acting|former|then\b|since\b)",
    re.IGNORECASE,
)
_WHO_WON = re.compile(
    r"(?:who|which \w+)(?: (?:has|had|have))? (?:wins?|won)\b|who (?:is|was) the winner\b"
)
_WON = re.compile(
    r"\b(?:w[io]n|wins|winn|victor|beat|defeat|champion|title|troph|medal|gold\b|crown|award|prize|"
    r"(?:re-?)?elect(?!ion)|prevail|triumph|clinch|claim|secur|took|tak(?:es?|en)|lift|first\b|"
    r"finish|honou?r|named\b|went to\b|oust|unseat|sweep|swept)",
    re.IGNORECASE,
)
_IS = re.compile(r"\b(?:is|are|was|were|been|being|be)(?: \w+)? $")
_BY_SOMEBODY = re.compile(r"(?: \w+){0,3} by\b")
# What may stand between a verb and the one it is done to, between the doer and the verb, and
# between "successor" and a name.
_TO_OBJECT = re.compile(
    r"\W*(?:(?!(?:by|in|at|on|for|with|after|before|when|while|as|and|but|to|of|into|from|because|"
    r"that|who|which)\b)[\w.’'-]+ ){0,5}"
)
_FROM_DOER = re.compile(r",?(?: (?:who|which|that|has|had|have|will|would|also|later|then|to))*\s*")
_TO_NAME = r"(?:[\w.’'-]+ ){0,4}$"
_OWNED = re.compile(r"\b(?P<owner>[a-z]+)['’]s (?:[a-z-]+ ){0,2}[a-z-]+,? $")
_CAPITALISED = re.compile(r"(?<=\W)[A-Z][\w-]+")
_SINCE = re.compile(rf"\bsince {_TO_NAME}")
_GONE = re.compile(
    r"\s*(?:resigned|left|quit|stepped|retired|died|"
    r"was (?:sacked|fired|dismissed|ousted|removed))\b"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A verb, whether the one who does it is asked for, and whether it is to follow somebody."""

    verb: re.Pattern[str]
    doer: bool
    succession: bool


@cache
def _asked(question: str) -> _Asked | None:
    text = question[:1].lower() + question[1:]
    for pattern, doer in ((_AFTER, True), (_BEFORE, False)):
        if pattern.match(text):
            return _Asked(_SUCCESSION, doer, True)
    for patterns, doer in ((_TO, False), (_BY, True)):
        for pattern in patterns:
            match = pattern.match(text)
            if match and match["verb"] not in _EITHER_WAY:
                if _SUCCESSION.search(text):
                    return _Asked(_SUCCESSION, doer, True)
                said = re.compile(rf"\b{re.escape(stem(match['verb']))}\w{{0,4}}\b")
                return _Asked(said, doer, False)
    return None


def wrong_role(question: str, sentence: str, start: int, end: int) -> bool:
    """Whether words of a sentence (their offsets) name another one than the question asks for:
    the one it was done to instead of the one who did it, or the reverse; somebody's relation ("the
    keeper's daughter, Ann") instead of that somebody; or whether the sentence does not speak at all
    of winning or of who came after whom, where that is asked. False in doubt.
    """
    if _relation(question, sentence[:start]):
        return True
    if _WHO_WON.search(question.casefold()) and not _WON.search(sentence):
        return True
    asked = _asked(question)
    if asked is None:
        return False
    if asked.succession and not _tells_change(question, sentence):
        return True
    roles = (_role(verb, start, end) for verb in asked.verb.finditer(sentence))
    wrong = "object" if asked.doer else "doer"
    return wrong in roles or (asked.succession and _follows(sentence, start, end, not asked.doer))


def _relation(question: str, before: str) -> bool:
    """Whether what stands before the words calls them somebody's relation or possession, and that
    somebody is what the question asks for or about by the same common noun.
    """
    owner = _OWNED.search(before)
    return owner is not None and bool(
        re.search(rf"\b{re.escape(owner['owner'])}\b(?!['’])", question)
    )


def _tells_change(question: str, sentence: str) -> bool:
    """Whether a sentence speaks of one following another, or names somebody the question names."""
    names = {word for word in _CAPITALISED.findall(question) if word in sentence}
    return bool(names) or bool(_SUCCESSION.search(sentence)) or bool(_CHANGE.search(sentence))


def _role(verb: re.Match[str], start: int, end: int) -> str:
    """What the words are to a verb of their sentence: "doer", "object", or "" where it is open."""
    sentence = verb.string
    if _IS.search(sentence[: verb.start()]):
        by = _BY_SOMEBODY.match(sentence, verb.end())
        does = by and start >= by.end() and _TO_OBJECT.fullmatch(sentence, by.end(), start)
        return "doer" if does else ""
    if start >= verb.end():
        return "object" if _TO_OBJECT.fullmatch(sentence, verb.end(), start) else ""
    done = end <= verb.start() and _FROM_DOER.fullmatch(sentence, end, verb.start())
    return "doer" if done else ""


def _follows(sentence: str, start: int, end: int, follows: bool) -> bool:
    """Whether the words are called somebody's successor; with `follows` false, whether they are
    called a predecessor, or somebody has served "since" they left.
    """
    role = "successor" if follows else "predecessor"
    if re.search(rf"\b{role}(?:,| was| is|:)? {_TO_NAME}", sentence[:start]):
        return True
    return not follows and bool(_SINCE.search(sentence[:start]) and _GONE.match(sentence, end))
