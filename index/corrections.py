"""Notices in which a publisher says that an article was corrected."""

import re

from index.article import Span

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d)"
)
_PIECE = r"(?:article|story|report|piece|post|page|item|column|headline|caption|version|text|copy)"
_CHANGED = (
    r"(?:corrected|amended|clarified|updated\s+to\s+(?:correct|clarify|reflect|remove|include))"
)
_LABEL = (
    r"(?:editor['’]?s['’]?\s+note\s*[:.–—-]\s*)?"
    r"(?:correction|corrections\s+and\s+clarifications|clarification|erratum|corrigendum)s?"
)
# Each form stands at the start of a paragraph: that reporting speaks of a correction elsewhere
# ("the army issued a correction: …") does not make it one.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"[\[(*•–—\s]*{_LABEL}(?:\s*[,(–—-]?\s*{_DATE}[^:.]{{0,30}})?\s*[:.–—-]\s*\S",
        rf"[\[(*•–—\s]*(?:editor['’]?s['’]?\s+note\s*[:.–—-]\s*)?(?:an?|the|this)\s+"
        rf"(?:(?:earlier|previous|original|initial|first)\s+)+(?:published\s+)?(?:versions?|editions?)"
        rf"\s+of\s+(?:this|the)\s+{_PIECE}\b",
        rf"[\[(*•–—\s]*(?:editor['’]?s['’]?\s+note\s*[:.–—-]\s*)?(?:this|the)\s+{_PIECE}"
        rf"(?:['’]s\s+\w+)?\s+(?:(?:was|has\s+(?:since\s+)?been|have\s+been)\s+)(?:\w+\s+)?{_CHANGED}\b",
        rf"[\[(*•–—\s]*(?:this|the)\s+{_PIECE}\s+(?:originally|previously|initially|earlier|first)"
        rf"\s+(?:stated|said|reported|misstated|gave|named|referred|described|misidentified)\b",
        rf"[\[(*•–—\s]*{_CHANGED}\s+on\s+{_DATE}",
    )
)
_LONGEST = 1_500  # characters of a paragraph that can be a notice


def corrections(text: str) -> list[Span]:
    """The paragraphs of an article's text that are correction notices, in order."""
    found = []
    start = 0
    for line in text.split("\n"):
        if line.strip() and len(line) <= _LONGEST and any(form.match(line) for form in _FORMS):
            found.append(Span(start, start + len(line.rstrip())))
        start += len(line) + 1
    return found
