"""Find dates in a text: "December 24, 2021", "mid-December", "2011", "last April"."""

import re
from collections.abc import Iterable, Iterator

from index.words import fold
from rag.mention import Mention
from rag.understand import Kind

YEAR = r"(?:1[0-9]|20)\d\d"
_WHOLE_MONTH = (
    r"(?:January|February|March|April|May(?! (?:be|have|not))|June|July|August|September|October|"
    r"November|December)"
)
_MONTH = rf"(?:{_WHOLE_MONTH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_IN_YEAR = rf"(?:,? (?:in |of )?{YEAR}| (?:this|last|next) year)"
_SEASON = r"(?:week|month|year|summer|winter|spring|autumn|fall|night|weekend)"
_DATE = re.compile(
    "|".join(
        (
            rf"\b(?:{_WEEKDAY},? )?(?:{_MONTH} {_DAY}|{_DAY} (?:of )?{_MONTH}){_IN_YEAR}?",
            rf"\b(?:early |late |mid-)?{_MONTH}{_IN_YEAR}",
            r"\b(?:the )?(?:early|late|mid|end of|beginning of|start of|middle of)[ -](?:the )?"
            rf"(?:{_MONTH}(?: {YEAR})?|{YEAR}s?)",
            rf"\b(?:(?:last|next|this) )?(?:{_WHOLE_MONTH}|{_WEEKDAY})\b",
            r"\b\d{4}-\d\d-\d\d\b",
            r"\b\d{1,2}/\d{1,2}/\d{2,4}\b",
            rf"\b{YEAR}s?\b(?![,.]\d|%)",
            rf"\b(?:last|next|this) {_SEASON}\b",
            r"\b(?:yesterday|today|tomorrow)\b",
            r"\b(?:the )?\d{1,2}(?:st|nd|rd|th)[ -]century\b",
        )
    )
)
_ENDS_IN_DAY = re.compile(rf"{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?$")
_FURTHER = re.compile(
    r"(?:, and |, | and | or | to |[-–])((\d{1,2})(?:st|nd|rd|th)?)"
    r"(?=$|[-–.,;:!?)\]”\"]|\s*\n| (?:and|or|to|in|at|on|for|but|when|after|before|this|that|each|"
    r"every|next|last)\b)"
)  # what follows tells a day from a figure: "on July 1 and 20 people"


def dates(text: str) -> Iterator[Mention]:
    """The dates of a text, as precise as they are given."""
    for match in _DATE.finditer(text):
        words = [fold(part) for part in match.group().split()]
        key = " ".join(sorted(word for word in words if word not in {"in", "of", "the"}))
        yield Mention(match.start(), match.end(), frozenset({Kind.DATE}), key, match.start())


def further_days(text: str, found: Iterable[Mention]) -> Iterator[Mention]:
    """The days that follow a date without their month: the 2nd in "July 1 and 2"."""
    for mention in found:
        match = _ENDS_IN_DAY.search(text[mention.start : mention.end])
        end, before = mention.end, int(match[1]) if match else 31
        while match and (follows := _FURTHER.match(text, end)) and before < int(follows[2]) <= 31:
            month = fold(text[mention.start + match.start() :].split()[0])
            key = " ".join(sorted((fold(follows[1]), month)))
            end, before = follows.end(), int(follows[2])
            yield Mention(follows.start(1), end, frozenset({Kind.DATE}), key, follows.start(1))
