"""Prefer what is new where a question asks of the present: a prior on the date of publication.

Who asks on the 16th of June which show was renewed means this month's news. A question that names
an earlier year asks of the past and gets no such preference; nor do articles that are all old.
"""

import math
import re
from datetime import date

from rag.dates import YEAR

DAYS = 14  # an article this old is preferred a third (1/e) as much as one of today
_YEAR = re.compile(rf"\b{YEAR}\b")


def asks_of_the_past(question: str, today: date) -> bool:
    """Whether a question names a year before the present one."""
    return any(int(year) < today.year for year in _YEAR.findall(question))


def recency(published: str | None, today: date) -> float:
    """How new an article is, from 1 (today) towards 0; 0 for an unknown date or a later one."""
    if published is None:
        return 0.0
    age = (today - date.fromisoformat(published)).days
    return 0.0 if age < 0 else math.exp(-age / DAYS)
