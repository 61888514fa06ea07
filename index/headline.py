"""The headline at the top of an article's text, and the site's name that may follow it."""

import re

from index.boilerplate import is_headline_like
from index.credits import is_credit, is_outlet, is_person, is_sourcing
from index.dates import iso_date

_TITLE_LIMIT = 150  # characters
_MAX_TITLE_WORDS = 20
_MAX_QUESTION_WORDS = 15  # longer questions are how reports begin, not what stands over them
_MIN_TITLE_WORDS = 4  # shorter first lines are names and sections: "Jane Doe", "CNN Business"
_WRAPPED_WIDTH = 100  # characters; with no longer line, a text may be broken to fit a page
_WRAPPED_MIN = 50
_SITE_LIMIT = 50  # characters
_LINE_LIMIT = 300

_SECTIONS = frozenset(
    "world news politics sport sports business opinion technology tech science health culture"
    " video live africa europe asia americas national local home analysis economy money"
    " entertainment environment travel lifestyle education international".split()
) | {"middle east", "world news", "us news", "uk news", "latest news", "breaking news"}
_OPEN_ENDS = frozenset(
    "the a an of to in on at for by with and or but from as that which is are was were its his"
    " her their be been has have will would not than".split()
)
_INNER_STOP = re.compile(r"[a-z]{3}[.?!] [A-Z]|^\d+\. ")
_OPENING = "\"'“‘«$€£#"
_CLOSED = re.compile(r"[.!?][\"'”’)]*$")


def find_headline(lines: list[str]) -> tuple[str | None, str | None]:
    """Find title and site in the first of an article's lines, which hold no boilerplate.

    A first line without a site's name is a title only if it is short, is no sentence and has the
    report after it. Each is None when it is not there.
    """
    first = next((number for number, line in enumerate(lines) if line), None)
    if first is None:
        return None, None
    line = lines[first].lstrip("# ")
    title, site = split_site(line)
    if title != line or _is_title(title, lines[first + 1 :]):
        return title, site
    return None, None


def split_site(line: str) -> tuple[str, str | None]:
    """Split "Title | Section | Site" or "Title - Site" into title and site (None: no site).

    A dash also stands inside titles ("… from Libya — Lavrov"), so what follows one must have an
    outlet's name.
    """
    if len(line) > _LINE_LIMIT:
        return line, None
    parts = [part for part in map(str.strip, line.split("|")) if part and not iso_date(part)]
    if len(parts) > 1:
        words, last = parts[0].split(), parts[-1]
        closes = len(words) > 2 and not is_credit(parts[0])
        if closes and (len(words) > len(last.split()) or is_outlet(last)):
            return parts[0], _site_name(last, parts[0])
    dash = re.fullmatch(r"(.{10,}) [-–—] ([^–—]{2,50})", line)
    if dash and is_outlet(dash[2]):
        return dash[1], dash[2]
    return line, None


def title_key(line: str) -> str:
    """Give what two spellings of one headline share: letters and digits, without the site."""
    title, _ = split_site(line.lstrip("# "))
    return "".join(char for char in title.casefold() if char.isalnum())


def _site_name(part: str, title: str) -> str | None:
    """Name the site, or None for a section of it or a subject."""
    pair = re.fullmatch(r"(.{2,20}) [-–—] (.{2,50})", part)
    if pair and _abbreviates(pair[1], pair[2]):
        part = pair[2]
    is_word_of_title = part.casefold() in re.findall(r"\w+", title.casefold())
    if part.casefold() in _SECTIONS or is_word_of_title or len(part) > _SITE_LIMIT:
        return None
    return part if part[0].isupper() or is_outlet(part) else None


def _abbreviates(short: str, name: str) -> bool:
    """Tell whether the letters of `short` are initials of the name, in order (AW, Arab Weekly)."""
    initials = iter(word[0] for word in re.findall(r"\w+", name))
    return short.isupper() and all(letter in initials for letter in short if letter.isalpha())


def _is_title(line: str, rest: list[str]) -> bool:
    words = line.split()
    return (
        len(line) <= _TITLE_LIMIT
        and len(words) >= _MIN_TITLE_WORDS
        and len(words) <= (_MAX_QUESTION_WORDS if line.endswith("?") else _MAX_TITLE_WORDS)
        and is_headline_like(line)
        and not line.endswith((":", "!", "-", "–", "—", "…"))
        and (line[0].isupper() or line[0].isdigit() or line[0] in _OPENING)
        and words[-1].lower() not in _OPEN_ENDS
        and not _INNER_STOP.search(line)
        and not _are_people(line)
        and not iso_date(line)
        and not is_credit(line)
        and not is_sourcing(line)
        and any(_CLOSED.search(other[-5:]) or len(other) > _TITLE_LIMIT for other in rest)
        and not _continues(line, rest)
    )


def _are_people(line: str) -> bool:
    names = [name for name in re.split(r", and |, | and | & ", line) if name]
    return len(names) > 1 and all(is_person(name) for name in names)


def _continues(line: str, rest: list[str]) -> bool:
    """Tell whether the line is the first of a paragraph that was broken to fit a page."""
    if not rest or not rest[0]:
        return False
    if rest[0][0].islower():
        return True
    if len(line) < _WRAPPED_MIN or any(len(other) > _WRAPPED_WIDTH for other in rest):
        return False
    paragraphs = [other for other in rest if other]
    return len(paragraphs) < 2 or not all(_CLOSED.search(other[-5:]) for other in paragraphs)
