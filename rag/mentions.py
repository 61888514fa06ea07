"""Find everything in a text that could be a short answer.

Rules, not a model: explainable, quick, and the same in every home.
"""

from collections.abc import Iterable

from rag.dates import dates, further_days
from rag.mention import Mention
from rag.proper_names import proper_names
from rag.quantities import quantities


def _apart(mentions: Iterable[Mention], taken: list[Mention]) -> list[Mention]:
    """The mentions whose value lies in none of those taken already."""
    return [
        mention
        for mention in mentions
        if all(mention.core >= other.end or mention.end <= other.core for other in taken)
    ]


def mentions(text: str) -> list[Mention]:
    """Dates, numbers and names, by place; what is a date is no number and no name."""
    found = list(dates(text))
    found += further_days(text, tuple(found))
    found += _apart(quantities(text), found)
    found += _apart(proper_names(text), found)
    return sorted(found, key=lambda mention: mention.start)
