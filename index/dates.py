"""Dates as news pages write them, to ISO dates."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_FORMS = tuple(
    re.compile(_WEEKDAY + form + r"(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_YEAR}([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})",
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})",
        rf"{_MONTH}\s+{_DAY}(?:,\s*|\s+){_YEAR}",
        rf"{_DAY}(?:\s+|-)(?:of\s+)?{_MONTH}(?:,?\s+|-){_YEAR}",
    )
)
_NUMERIC = re.compile(_WEEKDAY + r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)", re.IGNORECASE)


def iso_date(text: str) -> str | None:
    """Give the date that `text` begins with as YYYY-MM-DD, or None.

    A weekday before it and a time after it are ignored. None where the year is missing, the day
    does not exist, or the order of day and month is open (05.06.2021).
    """
    text = text.strip()
    for form in _FORMS:
        if match := form.match(text):
            return _checked(match["year"], _month_number(match["month"]), match["day"])
    if match := _NUMERIC.match(text):
        return _ordered(int(match[1]), int(match[3]), match[4])
    return None


def _month_number(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1


def _ordered(first: int, second: int, year: str) -> str | None:
    # Only a number above 12 tells the day from the month.
    if first > 12:
        return _checked(year, second, first)
    if second > 12:
        return _checked(year, first, second)
    return None


def _checked(year: str, month: int, day: str | int) -> str | None:
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None
