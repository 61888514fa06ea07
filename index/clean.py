"""From an article's raw text to the reporting alone, to which all offsets refer."""

from index.article import Document, Metadata
from index.credits import is_credit, is_sourcing
from index.errors import LoadError
from index.headline import title_key
from index.metadata import HEAD_LINES, describe_page
from index.page import Page, read_page

VERSION = "clean-3"  # raise it when texts come out otherwise: unchanged files are then read anew


def prepare(document: Document) -> tuple[str, Metadata]:
    """Give the cleaned body of a document and its metadata completed from its text.

    Raises LoadError when no reporting is left.
    """
    page = read_page(document.text)
    metadata = describe_page(page, document.metadata)
    body = _clean_page(page, metadata)
    if not any(character.isalnum() for character in body):
        raise LoadError("holds no reporting; check that it is an article's whole text")
    return body, metadata


def page_starts(document: Document, body: str) -> tuple[int, ...]:
    """Give the offsets in the cleaned body at which the printed pages of a document begin.

    Cleaning drops words but keeps the order of the rest, so a page begins where the first
    paragraph after its beginning that was kept does; within a paragraph, at its own offset.
    """
    starts: list[int] = []
    at = 0
    for page in document.pages:
        at = max(at, _place_of(document.text, page, body, at))
        starts.append(at)
    return tuple(starts)


def _place_of(text: str, offset: int, body: str, after: int) -> int:
    """Find in the cleaned body the place of an offset in the text."""
    line_start = text.rfind("\n", 0, offset) + 1
    words = " ".join(text[line_start:].partition("\n")[0].split())
    found = body.find(words, max(0, after - len(words))) if words else -1
    if found >= 0:
        return found + min(offset - line_start, len(words))
    rest = (" ".join(line.split()) for line in text[offset:].split("\n")[1:])
    places = (body.find(line, after) for line in rest if line)
    return next((place for place in places if place >= 0), len(body))


def clean(text: str, metadata: Metadata) -> str:
    """Remove what is not reporting; empty when nothing else is left.

    Boilerplate, the headline that is the article's title, and lines that only state author, date
    or sources go; standfirst, subheads and every reported sentence stay. Runs of spaces become
    one, paragraphs are at most one empty line apart.
    """
    return _clean_page(read_page(text), metadata)


def _clean_page(page: Page, metadata: Metadata) -> str:
    lines = page.body
    if metadata.title:
        lines = _without_title(lines, title_key(metadata.title))
    lines = _without_opening_credits(lines)
    lines = _without_closing_credits(lines)
    return _joined(lines)


def _without_title(lines: list[str], key: str) -> list[str]:
    """Empty each line that repeats the headline."""
    return ["" if key and len(line) < 1000 and title_key(line) == key else line for line in lines]


def _without_opening_credits(lines: list[str]) -> list[str]:
    head = [number for number, line in enumerate(lines) if line][:HEAD_LINES]
    stated = {number for number in head if is_credit(lines[number])}
    return ["" if number in stated else line for number, line in enumerate(lines)]


def _without_closing_credits(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1] or is_sourcing(lines[end - 1]) or is_credit(lines[end - 1])):
        end -= 1
    return lines[:end]


def _joined(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
