"""Times told from an earlier one: "What about a year later?"."""

import re
from datetime import date, timedelta

from rag.conversation.turns import Turn, plain
from rag.conversation.words import ABOUT, content
from rag.dates import dates

SHIFT = re.compile(
    r"\b(?P<number>an?|the|one|two|three|four|five|six|seven|eight|nine|ten|\d+) "
    r"(?P<unit>day|week|month|year|decade)s? (?P<way>later|on|after|afterwards|earlier|before)\b"
    r"|\bthe (?P<next>following|next|previous|preceding) (?P<unit2>day|week|month|year)\b",
    re.IGNORECASE,
)
_NUMBERS = {
    w: n for n, w in enumerate("zero one two three four five six seven eight nine ten".split())
}
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_YEAR = re.compile(r"\b(1\d|20)\d\d\b")


def at_another_time(question: str, last: Turn) -> str | None:
    """The last question, or this one, at a time that lies apart from the one named before."""
    found = SHIFT.search(question)
    if found is None:
        return None
    own = ABOUT.sub("", question[: found.start()])
    keeps = len(content(own)) > 0
    base = plain(question[: found.start()] if keeps else last.question)
    for text in (last.question, last.claim):
        for mention in reversed(list(dates(text))):
            named = text[mention.start : mention.end]
            then = _moved(named, found)
            if then is None:
                continue
            if not keeps and named in base:
                return base.replace(named, then)
            return f"{base} {'on' if then[-7:-6] == ' ' else 'in'} {then}"
    return f"{base} {found.group()}" if not keeps else None


def _moved(named: str, shift: re.Match[str]) -> str | None:
    """A date as written, moved by so many days to years; None where it is not precise enough."""
    unit = (shift["unit"] or shift["unit2"]).lower()
    number = _NUMBERS.get((shift["number"] or "one").lower()) or (
        int(shift["number"]) if (shift["number"] or "").isdigit() else 1
    )
    back = (shift["way"] or shift["next"]).lower() in {"earlier", "before", "previous", "preceding"}
    number = -number if back else number
    if unit in {"year", "decade"}:
        years = number * (10 if unit == "decade" else 1)
        year = _YEAR.search(named)
        return _YEAR.sub(str(int(year.group()) + years), named) if year else None
    month = next((place for place, name in enumerate(_MONTHS) if name in named.lower()), None)
    if month is None:
        return None
    year_found = _YEAR.search(named)
    if unit == "month":
        total = month + number
        year_text = f" {int(year_found.group()) + total // 12}" if year_found else ""
        return f"{_MONTHS[total % 12].capitalize()}{year_text}"
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", named)
    if day is None:
        return None
    try:
        start = date(int(year_found.group()) if year_found else 2001, month + 1, int(day[1]))
        then = start + timedelta(days=number * (7 if unit == "week" else 1))
    except (ValueError, OverflowError):
        return None
    year_text = f", {then.year}" if year_found else ""
    return f"{_MONTHS[then.month - 1].capitalize()} {then.day}{year_text}"
