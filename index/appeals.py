"""Appeals for donations and subscriptions that a site sets between the lines of its reporting."""

import re
from itertools import pairwise

from index.boilerplate import GLUED, is_attributed

_SENTENCE_LIMIT = 600  # characters; no sentence of an appeal is longer
_BLOCK_LIMIT = 8  # lines between two sentences of one appeal

_GIVING = (
    r"(?:support(?:ing)?|donat(?:e|es|ing|ions?)|contribut(?:e|es|ing|ions?)|subscri(?:be|bing|ptions?)"
    r"|member(?:s|ship)?|generosity|gift|fund(?:s|ing)?)"
)
_NEWSROOM = (
    r"(?:journalis[mt]s?|reporting|reporters?|newsrooms?|stor(?:y|ies)|coverage|news|paywalls?"
    r"|work|mission|readers?|site|website)"
)
_GIVING_STEMS = ("support", "donat", "contribut", "subscri", "member", "generosity", "gift", "fund")
_APPEAL = re.compile(
    rf"""
    \b(?:your|readers?['’]s?)\ (?:\w+\ ){{0,2}}{_GIVING}\b
      (?=.{{0,200}}(?:\b(?:us|we|our)\b|\bmakes?\ (?:all\ the|a(?:\ \w+)?)\ difference))
    | ^(?:please\ |to\ )?(?:consider\ )?(?:help\ (?:us|keep|fund)\b.{{0,80}})?
      (?:support(?:ing)?|donat(?:e|ing)|contribut(?:e|ing)|subscrib(?:e|ing)|mak(?:e|ing)\ a\ gift
      |becom(?:e|ing)\ a\ (?:\w+\ )?(?:member|supporter|subscriber|patron))\b
      .{{0,80}}\b(?:our|us|independent|local|quality|free|fearless|this)\b.{{0,80}}\b{_NEWSROOM}\b
    | \b(?:you|your|please|thank|consider)\b.{{0,120}}\b{_GIVING}\b.{{0,80}}\bour\b.{{0,60}}
      \b{_NEWSROOM}\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SITE_VOICE = re.compile(r"\b(?:we|us|our|ours)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”][^\"“”]*(?:[\"“”]|$)")
_BREAK = re.compile(rf"(?<=[.!?])\ |{GLUED.pattern}")
_SPEAKER = re.compile(
    r"\b((?:The )?[A-Z][\w'’&-]*(?: [A-Z][\w'’&-]*){0,3}) (?:is|are)"
    r" (?:on the ground|trusted|funded|supported|read|made possible|free to read|reader-funded)\b"
)


def without_appeals(lines: list[str]) -> list[str]:
    """Give trimmed lines without appeals; reporting glued to one stays, word for word.

    A line between two sentences of one appeal goes with them if it speaks as the site does
    ("we", "our") outside quotation marks.
    """
    anchors = [number for number, line in enumerate(lines) if _has_appeal(line)]
    inside: set[int] = set()
    for first, last in pairwise(anchors):
        if last - first <= _BLOCK_LIMIT:
            inside.update(range(first + 1, last))
    kept = list(lines)
    for number in anchors:
        kept[number] = _without_appeal(lines[number])
    for number in inside:
        if _speaks_as_site(_QUOTED.sub("", lines[number])):
            kept[number] = ""
    return kept


def appealing_outlet(appeals: list[str]) -> str | None:
    """Give the outlet that appeals name as their speaker ("The Ledger is trusted by …")."""
    names = {match[1] for line in appeals for match in _SPEAKER.finditer(line)}
    return names.pop() if len(names) == 1 else None


def _has_appeal(line: str) -> bool:
    lower = line.lower()
    # Looking for a stem first spares nearly every line the patterns.
    return any(stem in lower for stem in _GIVING_STEMS) and any(
        _is_appeal(said) for _, said in _sentences(line)
    )


def _without_appeal(line: str) -> str:
    """Drop the sentences of an appeal, and the site's own beside them."""
    sentences = _sentences(line)
    dropped = [_is_appeal(said) for _, said in sentences]
    voices = [_speaks_as_site(said) for _, said in sentences]
    for number in range(1, len(sentences)):
        dropped[number] |= dropped[number - 1] and voices[number]
    for number in range(len(sentences) - 2, -1, -1):
        dropped[number] |= dropped[number + 1] and voices[number]
    kept = [text for (text, _), gone in zip(sentences, dropped, strict=True) if not gone]
    rest = "".join(kept).strip()
    return rest if any(char.isalnum() for char in rest) else ""


def _is_appeal(said: str) -> bool:
    if len(said) > _SENTENCE_LIMIT or is_attributed(said):
        return False
    return _APPEAL.search(said.strip()) is not None


def _speaks_as_site(said: str) -> bool:
    return not is_attributed(said) and _SITE_VOICE.search(said) is not None


def _sentences(line: str) -> list[tuple[str, str]]:
    """Cut a line after each sentence, also where the space was lost; joined, they are the line.

    Each comes with what it says outside quotation marks: a quotation may run over sentences.
    """
    said = _QUOTED.sub(lambda quote: "_" * len(quote[0]), line)
    cuts = [0, *(match.end() for match in _BREAK.finditer(line)), len(line)]
    return [(line[start:end], said[start:end]) for start, end in pairwise(cuts) if start < end]
