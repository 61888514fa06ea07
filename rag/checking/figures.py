"""The figures of a text: their value, how they are hedged, their unit and what they count."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.words import STOPWORDS, tokens
from rag.dates import dates
from rag.quantities import number_key

Bound = Literal["", "about", "least", "most"]

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_WORD = rf"(?:{'|'.join(_ONES)})"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|bn|mn)"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_TENS = {f"{ten[:-1]}ieth": (place + 2) * 10 for place, ten in enumerate(_ONES[19:])}
_ORDER = {word: place for place, word in enumerate(_ORDINALS, start=1)} | _TENS
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FIGURE = re.compile(
    rf"(?P<fraction>\b(?:(?P<parts>a|one|two|three|four) )?(?P<part>half|thirds?|quarters?|fifths?|"
    rf"tenths?)(?= of\b))|"
    rf"(?P<ordinal>\b(?:{'|'.join(_ORDER)})\b|(?<![\w.,])\d+(?:st|nd|rd|th)\b)|"
    rf"\b(?:an?|another|one) (?P<unit>year|month|week|day|hour) and a half\b|"
    rf"(?P<both>\bboth\b)|"
    rf"(?P<times>\b(?:twice|double[ds]?|triple[ds]?)\b)|"
    rf"(?P<currency>US\$|[$€£¥₹])?(?P<digits>(?<![\w.,+])\d+(?:,\d{{3}})*(?:\.\d+)?(?!\d|\+\d))"
    rf"(?:[ -]?(?P<scale>{_SCALE})s?\b)?|"
    rf"\b(?P<worded>(?:{_WORD}(?:-{_WORD})?|an?)(?: (?:and )?{_SCALE})+|{_WORD}(?:-{_WORD})?)\b",
    re.IGNORECASE,
)
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("least", r"(?:at least|(?:no|not) (?:less|fewer) than|more than|over|above|well over|"
              r"exceed\w*)"),
    ("most", r"(?:at most|up to|(?:no|not) more than|(?:fewer|less) than|under|below|as many as|"
             r"as much as|a maximum of|nearly|almost|close to)"),
    ("about", r"(?:about|around|some|roughly|approximately|an estimated|estimated|just over)"),
)  # fmt: skip
_BEFORE = tuple(
    (bound, re.compile(rf"\b{words} (?:US)?$", re.IGNORECASE)) for bound, words in _BOUNDS
)
_OR_MORE = re.compile(r"^ (?:or|and) (?:more|above|over)\b")
_OR_LESS = re.compile(r"^ or (?:less|fewer)\b")
_UNITS = {
    "km": "kilometre kilometer kilometres kilometers km",
    "mile": "mile miles",
    "metre": "metre metres meter meters m",
    "foot": "foot feet",
    "kg": "kilogram kilograms kilo kilos kg",
    "tonne": "tonne tonnes ton tons",
    "%": "percent % per-cent",
    "second": "second seconds",
    "minute": "minute minutes",
    "hour": "hour hours",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years",
    "decade": "decade decades",
    "dollar": "dollar dollars",
    "euro": "euro euros",
    "pound": "pound pounds",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_CURRENCIES = {"$": "dollar", "us$": "dollar", "€": "euro", "£": "pound"}
_POINTS = re.compile(r"^[ -]percentage[ -]points?\b", re.IGNORECASE)
_PERCENT = re.compile(r"^(?:%| per ?cent\b)", re.IGNORECASE)
_HEADS = 3  # words after a figure among which is what it counts


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `unit` is None where it counts things: then `heads` are the words after it."""

    start: int
    end: int
    text: str
    value: float
    kind: Literal["number", "order", "share", "times"]
    bound: Bound
    unit: str | None
    heads: tuple[str, ...]


def _value(match: re.Match[str]) -> tuple[float, str]:
    if match["fraction"]:
        parts = {"two": 2, "three": 3, "four": 4}.get((match["parts"] or "a").casefold(), 1)
        return parts / _FRACTIONS[match["part"].casefold().rstrip("s")], "share"
    if ordinal := match["ordinal"]:
        return float(_ORDER.get(ordinal.casefold()) or int(ordinal[:-2])), "order"
    if match["times"]:
        return (3.0 if match["times"].casefold().startswith("tr") else 2.0), "times"
    if match["both"]:
        return 2.0, "number"
    if match["unit"]:
        return 1.5, "number"
    written = match["worded"] or f"{match['digits']} {match['scale'] or ''}".strip()
    return float(number_key(re.sub(r" and ", " ", written))), "number"


def _bound(before: str, after: str) -> Bound:
    if _OR_MORE.match(after):
        return "least"
    if _OR_LESS.match(after):
        return "most"
    return next((bound for bound, words in _BEFORE if words.search(before)), "")


def _counted(after: str, currency: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The unit, or the words among which is what is counted."""
    if currency:
        return _CURRENCIES.get(currency.casefold(), currency), ()
    if _POINTS.match(after):
        return "percentage points", ()
    if _PERCENT.match(after):
        return "%", ()
    phrase = re.split(r"[.,;:()“”\"]", after, maxsplit=1)[0]
    heads: list[str] = []
    for token in list(tokens(phrase))[: _HEADS + 2]:
        if not heads and token.word in _UNIT:
            return _UNIT[token.word], ()
        if token.word in STOPWORDS:
            if heads or token.word not in {"of", "the", "more", "other", "such"}:
                break
            continue
        if token.word in _UNIT and len(token.word) > 2:  # "six extra hours"
            return _UNIT[token.word], ()
        heads.append(token.stem)
        if len(heads) == _HEADS:
            break
    return None, tuple(heads)


def figures(text: str) -> Iterator[Figure]:
    """The numbers of a text, in digits or words; days and years are dates and left out."""
    days = list(dates(text))
    for match in _FIGURE.finditer(text):
        if any(day.start < match.end() and match.start() < day.end for day in days):
            continue
        value, kind = _value(match)
        after = text[match.end() :]
        unit, heads = _counted(after, match["currency"])
        unit, heads = (match["unit"].casefold(), ()) if match["unit"] else (unit, heads)
        bound = _bound(text[max(0, match.start() - 30) : match.start()], after)
        yield Figure(match.start(), match.end(), match.group(), value, kind, bound, unit, heads)  # type: ignore[arg-type]


_IN_SMALLER = {
    "year": (12, "month"),
    "decade": (120, "month"),
    "week": (7, "day"),
    "hour": (60, "minute"),
}


def measure(figure: Figure) -> tuple[float, str | None]:
    """Value and unit, with years as months, weeks as days and hours as minutes."""
    times, unit = _IN_SMALLER.get(figure.unit or "", (1, figure.unit))
    return figure.value * times, unit
