"""Lines in which an article states its author, its date, its agency or its sources."""

import re

from index.boilerplate import is_attributed, is_boilerplate, is_headline_like
from index.dates import iso_date

_CREDIT_LIMIT = 200  # characters
_SOURCING_LIMIT = 260
_DATELINE_LINES = 4  # a headline, a standfirst and a caption may stand before the dateline

_OUTLET_WORDS = frozenset(
    "news post times journal herald tribune guardian weekly daily gazette chronicle observer"
    " telegraph press agency today mail mirror express independent star sun globe courier monitor"
    " radio tv television network online reporter dispatch examiner inquirer sentinel register"
    " bulletin wire newswire magazine economist standard ledger argus echo world".split()
)
_OUTLETS = frozenset(
    "reuters ap afp tass xinhua bbc cnn dw rfe/rl axios politico bloomberg aljazeera npr ansa dpa"
    " efe interfax anadolu kyodo yonhap pti ians upi cbc abc nbc cbs pbs itv vox slate semafor"
    " euronews haaretz forbes fortune newsweek euractiv trt".split()
)
_OUTLET_NAMES = frozenset({"al jazeera", "france 24", "voice of america", "deutsche welle"})
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,3}(?:com|org|net|news|info|co\.uk)", re.IGNORECASE)
_PARTICLES = frozenset("de da di du la le van von der den bin bint ibn al el of the and".split())
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may"
    " june july august september october november december".split()
)

_BYLINE = re.compile(r"(?:(?:written|story|text|words) )?by:? (?P<names>\S.{2,120})", re.IGNORECASE)
_AUTHOR = re.compile(r"(?:author|byline)s?\s*:\s*(?P<names>\S.{1,100})", re.IGNORECASE)
_NAMES_END = re.compile(r" [|–—-] |, (?!(?:[A-Z][\w.'’-]+ ){1,3}and )| (?:for|in) (?=[A-Z])")
_STAMP = re.compile(
    r"(?:(?:originally|first|last) )?(?P<kind>published|posted|updated|modified|date)"
    r"(?: on)?\s*:?\s+(?P<date>\d.{5,80}|[A-Z].{5,80})",
    re.IGNORECASE,
)
_STAMP_WORD = re.compile(
    r"[\d:.+/-]+(?:st|nd|rd|th|z)?|[\d-]+T[\d:.+-]+Z?|[\d:.]*[ap]\.?m"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|(?-i:[A-Z]{2,4})|at|on|of|hrs|published|posted|updated",
    re.IGNORECASE,
)
_STAMP_EDGES = ",.;:|()·–—-"
_DATELINE = re.compile(
    r"(?P<place>[^()/]{0,80}?)"
    r"(?:\s?\((?P<round>[^()]{2,40})\)|(?:^|(?<=\s))/(?P<slash>[^()/]{2,40})/(?=[.\s–—-]))"
    r"\.?\s*(?P<dash>[-–—]*)\s*(?P<next>\S)"
)
_DATED_PLACE = re.compile(r"(?P<place>[^()/–—]{4,80}?\d{4}\.?)\s?(?:--|[-–—]\s|[–—])")
_SIGN_ON = re.compile(r"(?P<place>[^()/–—]{2,60}?)\s?(?:--|[–—])")
_SOURCE = re.compile(r"source\s*:\s*(?P<name>\S.{1,60})", re.IGNORECASE)
_SOURCING = re.compile(
    r"""
    (?:sources?|contributing)\s*:\s*\S.{0,200}
    | (?:[\w&]+\ ){0,5}?(?:staff|wire)\ reports | compiled\ (?:and\ edited\ )?by\b.{0,120}
    | \(?(?:(?:based\ on|with|additional|from)\ (?:\w+\ ){0,5}?report(?:ing|s)\b
      |with\ (?:inputs?|files)\ from\b|(?:reporting|writing|editing)\ by\b).{0,240}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COLLECTIVE = frozenset("agencies wires various staff compiled".split())


def is_credit(line: str) -> bool:
    """Tell whether all of a trimmed line is a byline, a date of publication or "London CNN —"."""
    return _author(line) is not None or _stamp(line) is not None or _is_sign_on(line)


def _is_sign_on(line: str) -> bool:
    match = _SIGN_ON.fullmatch(line)
    words = match["place"].split() if match else []
    return any(
        is_outlet(" ".join(words[at:])) and (at == 0 or _is_capitalised(" ".join(words[:at])))
        for at in range(len(words))
    )


def is_sourcing(line: str) -> bool:
    """Tell whether all of a trimmed line names the sources or agencies of a report."""
    return (
        len(line) <= _SOURCING_LIMIT
        and _SOURCING.fullmatch(line) is not None
        and not is_attributed(line)
    )


def is_outlet(name: str) -> bool:
    """Tell whether a name is that of a news outlet: a known one, a domain, "The … Post"."""
    words = name.casefold().split()
    if not words or len(words) > 6:
        return False
    if name.casefold() in _OUTLET_NAMES or _DOMAIN.fullmatch(name):
        return True
    if words[0] in _OUTLETS and len(words) <= 3:
        return True
    return len(words) > 1 and words[-1] in _OUTLET_WORDS and _is_capitalised(name)


def is_person(name: str) -> bool:
    """Tell whether a text has the form of a personal name: two to five capitalised words."""
    words = name.split()
    return (
        2 <= len(words) <= 5
        and _is_capitalised(name)
        and not any(char.isdigit() for char in name)
        and words[0].casefold() not in _CALENDAR
    )


def find_author(lines: list[str]) -> str | None:
    """Give the names of the first byline among an article's first lines."""
    return next((author for line in lines if (author := _author(line))), None)


def find_published(lines: list[str]) -> str | None:
    """Give the stated date of publication, else of the last change, as an ISO date."""
    stamps = [stamp for line in lines if (stamp := _stamp(line))]
    first = [date for kind, date in stamps if kind not in ("updated", "modified")]
    return next(iter(first + [date for _, date in stamps]), None)


def find_dateline(lines: list[str]) -> tuple[str | None, str | None]:
    """Give agency and ISO date of a dateline at the start of one of an article's first lines.

    "MOSCOW, August 19. /TASS/. …" states an agency but, without a year, no date.
    """
    for line in lines[:_DATELINE_LINES]:
        match = _DATELINE.match(line)
        if match and (agency := _agency(match)):
            return agency, _place_date(match["place"])
        dated = _DATED_PLACE.match(line)
        if dated and dated["place"].partition(",")[0].isupper():
            return None, _place_date(dated["place"])
    return None, None


def find_source(lines: list[str]) -> str | None:
    """Give the one outlet that a closing line "Source: …" names.

    Several agencies are the sources of a report, not its publisher.
    """
    for line in reversed(lines):
        match = _SOURCE.fullmatch(line)
        if match and is_sourcing(line):
            return match["name"] if _is_single_source(match["name"]) else None
        closing = is_headline_like(line) or is_boilerplate(line) or is_sourcing(line)
        if line and not closing:
            return None
    return None


def _is_single_source(name: str) -> bool:
    words = name.casefold().split()
    return (
        len(words) <= 5
        and not re.search(r"[,;/.]|\band\b", name)
        and name[0].isupper()
        and _is_capitalised(name)
        and _COLLECTIVE.isdisjoint(words)
    )


def _is_capitalised(name: str) -> bool:
    return all(not word[0].islower() or word.casefold() in _PARTICLES for word in name.split())


def _author(line: str) -> str | None:
    if len(line) > _CREDIT_LIMIT:
        return None
    if match := _AUTHOR.fullmatch(line):
        return match["names"]
    match = _BYLINE.fullmatch(line)
    if not match or line.endswith(".") or is_attributed(line):
        return None
    names = _NAMES_END.split(match["names"], maxsplit=1)[0]
    people = re.split(r", and |, | and | & ", names)
    return names if all(is_person(name) for name in people) else None


def _stamp(line: str) -> tuple[str, str] | None:
    """Give what a line dates (published, updated …) and the ISO date, if it is all it says."""
    match = _STAMP.fullmatch(line) if len(line) <= _CREDIT_LIMIT else None
    if not match:
        return None
    words = [word.strip(_STAMP_EDGES) for word in match["date"].split()]
    if not all(_STAMP_WORD.fullmatch(word) for word in words if word):
        return None
    date = iso_date(match["date"])
    return (match["kind"].lower(), date) if date else None


def _agency(match: re.Match[str]) -> str | None:
    """Name the agency of a dateline; an abbreviation in a sentence is none ("the Army (LNA)")."""
    place, name = match["place"].strip(), match["round"] or match["slash"]
    if not _is_capitalised(name) or name[0].isdigit() or len(place.split()) > 8:
        return None
    city = place.partition(",")[0]
    if match["slash"]:
        return name if city.isupper() else None
    if is_outlet(name) or name.casefold() in _OUTLETS:
        opens = match["dash"] or not match["next"].islower()
        return name if opens and (not city or _is_capitalised(city)) else None
    named = match["dash"] and city.isupper() and not any(char.isdigit() for char in name)
    return name if named else None


def _place_date(place: str) -> str | None:
    parts = place.split(",")
    rests = (",".join(parts[start:]).strip() for start in range(1, len(parts)))
    return next((date for rest in rests if (date := iso_date(rest))), None)
