"""The date that a page shows its readers near the headline, in the languages of Western Europe."""

import re
from collections.abc import Iterable
from datetime import date

from index.dates import iso_date

_MONTHS = (
    "january jan januar enero ene janvier janv gennaio gen janeiro januari",
    "february feb februar febrero fév février fevr févr febbraio fevereiro februari",
    "march mar märz marzo mars março maart mrt",
    "april apr abril avril avr aprile abr",
    "may mai mayo maggio mag maio mei",
    "june jun juni junio juin giugno giu junho",
    "july jul juli julio juillet juil luglio lug julho",
    "august aug agosto août aout ago augustus",
    "september sep sept septiembre septembre settembre set setembro",
    "october oct oktober okt octubre octobre ottobre ott outubro out",
    "november nov noviembre novembre novembro",
    "december dec dezember dez diciembre dic décembre déc dicembre dezembro",
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+|del\s+)?"
    r"(\d{4})\b"
)
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_NUMERIC = re.compile(r"\b(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4})\b")
_CHANGED = re.compile(
    r"updat|modif|actuali|aktuali|aggiorn|atuali|mis à jour|bijgewerkt|geändert", re.I
)
_LINE_LIMIT = 120  # characters; what is longer is reporting
_LINES = 8


def shown_date(lines: Iterable[str]) -> tuple[str | None, str | None]:
    """Give the first date that one of the short lines under a headline states, and that line.

    What stands after a word like "updated" is not the date of publication.
    """
    short = [line for line in lines if line][:_LINES]
    for line in short:
        if len(line) > _LINE_LIMIT:
            continue
        changed = _CHANGED.search(line)
        stated = date_in(line[: changed.start()] if changed else line)
        if stated:
            return stated, line
    return None, None


def date_in(text: str) -> str | None:
    """Give the first date in a text as an ISO date; None where day and month are open."""
    found = [
        (match.start(), iso)
        for form, of in ((_DAY_FIRST, _day_first), (_MONTH_FIRST, _month_first))
        for match in form.finditer(text)
        if (iso := of(match))
    ]
    found += [
        (match.start(), iso) for match in _NUMERIC.finditer(text) if (iso := iso_date(match[0]))
    ]
    return min(found)[1] if found else None


def _day_first(match: re.Match[str]) -> str | None:
    return _iso(match[1], match[2], match[3])


def _month_first(match: re.Match[str]) -> str | None:
    return _iso(match[2], match[1], match[3])


def _iso(day: str, month: str, year: str) -> str | None:
    number = _NUMBERS.get(month.lower())
    try:
        return date(int(year), number, int(day)).isoformat() if number else None
    except ValueError:
        return None
