"""A text as the page it came from: its lines, and which of them are reporting."""

from dataclasses import dataclass

from index.appeals import without_appeals
from index.boilerplate import trimmed_lines, without_boilerplate


@dataclass(frozen=True, slots=True)
class Page:
    """The trimmed lines of a text; in `body` those of boilerplate are empty.

    `appeals` are the lines that an appeal was removed from, as they were.
    """

    lines: list[str]
    body: list[str]
    appeals: list[str]


def read_page(text: str) -> Page:
    """Tell a text's reporting from what the site put around it."""
    lines = trimmed_lines(text)
    reporting = without_appeals(lines)
    appeals = [old for old, new in zip(lines, reporting, strict=True) if old != new]
    return Page(lines, without_boilerplate(reporting), appeals)
