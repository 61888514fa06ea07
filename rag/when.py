"""Days as a text names them, and the calendar days they are by the article's date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rag.dates import YEAR, dates

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_AHEAD = re.compile(
    r"\b(?:will|would|going to|next|plans?|(?:until|by) (?=[A-Z]\w+day\b)|"
    r"(?:is|are|was|were|be) (?:due|set|to|scheduled|planned|expected))\b"
)
_EACH = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days\b")
WEEK = 7


@dataclass(frozen=True, slots=True)
class When:
    """A named time with what is given of it; `text` as written."""

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    def agrees(self, other: "When") -> bool:
        """Whether everything given of this is given alike in the other."""
        pairs = (
            (self.year, other.year),
            (self.month, other.month),
            (self.day, other.day),
            (self.weekday, other.weekday),
        )
        return all(mine is None or mine == theirs for mine, theirs in pairs)


def _parse(text: str, start: int, end: int) -> When | None:
    written = text[start:end]
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", written):
        return When(start, end, written, *(int(part) for part in match.groups()))
    year = re.search(rf"\b({YEAR})\b", written)
    words = [word.strip(".,").casefold() for word in re.split(r"[\s-]+", written)]
    month = next((_MONTHS.index(w[:3]) + 1 for w in words if w[:3] in _MONTHS), None)
    weekday = next(
        (_WEEKDAYS.index(w[:3]) for w in words if w[:3] in _WEEKDAYS and "day" in w), None
    )
    day = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)", written) if month else None
    found = When(
        start, end, written,
        int(year[1]) if year else None, month, int(day[1]) if day else None, weekday,
    )  # fmt: skip
    return found if any((found.year, found.month, found.weekday is not None)) else None


def named(text: str) -> Iterator[When]:
    """The times that a text names by year, month, day of the month or weekday."""
    for mention in dates(text):
        if found := _parse(text, mention.start, mention.end):
            yield found
    for match in _EACH.finditer(text):
        if found := _parse(text, match.start(), match.end() - 1):
            yield found


def _nearest_year(found: When, published: date) -> int:
    """The year in which a day or month without one lies nearest to the day of publication."""
    month, day = found.month or 1, min(found.day or 15, 28)
    if re.match(r"last\b", found.text, re.IGNORECASE):
        return published.year - (month >= published.month)
    years = (published.year - 1, published.year, published.year + 1)
    return min(years, key=lambda year: abs((date(year, month, day) - published).days))


def _full(found: When, day: date) -> When:
    return When(found.start, found.end, found.text, day.year, day.month, day.day, day.weekday())


def _resolved(found: When, published: date) -> Iterator[When]:
    yield found
    if found.month and not found.year:
        year = _nearest_year(found, published)
        yield When(found.start, found.end, found.text, year, found.month, found.day, found.weekday)
        found = When(found.start, found.end, found.text, year, found.month, found.day)
    if found.month and found.year and found.day:
        try:
            yield _full(found, date(found.year, found.month, found.day))
        except ValueError:  # the 31st of a month of 30 days
            return
    elif found.weekday is not None and not found.month:
        for shift in range(-WEEK, WEEK + 1):
            day = published + timedelta(days=shift)
            if day.weekday() == found.weekday:
                yield _full(found, day)


def known(text: str, published: str | None) -> list[When]:
    """The times a text names, also as the calendar days they are by its article's date."""
    found = list(named(text))
    if published is None:
        return found
    try:
        today = date.fromisoformat(published[:10])
    except ValueError:
        return found
    full = [resolved for when in found for resolved in _resolved(when, today)]
    for match in re.finditer(r"\b(?:yesterday|today|tomorrow)\b", text, re.IGNORECASE):
        day = today + timedelta(days=_NEAR[match.group().casefold()])
        full.append(_full(When(match.start(), match.end(), match.group()), day))
    for match in re.finditer(r"\b(?:(this|last|next) year|(this|last|next) (month|week))\b", text):
        shift = {"this": 0, "last": -1, "next": 1}[match[1] or match[2]]
        if match[1]:
            full.append(When(match.start(), match.end(), match.group(), today.year + shift))
        elif match[3] == "month":
            place = today.year * 12 + today.month - 1 + shift
            full.append(
                When(match.start(), match.end(), match.group(), place // 12, place % 12 + 1)
            )
    return full


def day_meant(words: str, said: str, published: str | None) -> date | None:
    """The day that "Friday" or "yesterday" is, in a sentence of an article of a known date.

    A weekday is the last one up to that date. None for other words, without a date, and where the
    sentence looks ahead.
    """
    word = words.casefold()
    weekday = _WEEKDAYS.index(word[:3]) if word.endswith("day") and word[:3] in _WEEKDAYS else None
    if weekday is None and word not in _NEAR:
        return None
    try:
        today = date.fromisoformat((published or "")[:10])
    except ValueError:
        return None
    if weekday is None:
        return today + timedelta(days=_NEAR[word])
    if _AHEAD.search(said):
        return None
    return today - timedelta(days=(today.weekday() - weekday) % WEEK)
