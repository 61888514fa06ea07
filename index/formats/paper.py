"""From the lines of printed pages to running text, and where each page begins in it."""

import re
from collections import Counter
from collections.abc import Iterable

_Place = tuple[int, str]  # a line's number, from the bottom where negative, and what it says

_EDGE = 3  # lines at the top and the bottom of a page that may be running heads and feet
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page|seite|p\.|pg\.?)?\s*\d{1,4}\s*(?:(?:/|of|von|de)\s*\d{1,4})?[-–—\s]*",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_FULL = 0.75  # of the usual line: what is shorter ends its paragraph
_WIDE = 0.9  # of it: what is shorter and ends a sentence does
_BULLET = re.compile(r"[•▪‣–—*-]\s|\d{1,2}[.)]\s")


def joined_pages(pages: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """Join the lines of pages to paragraphs; give the text and the offset where each page begins.

    A word broken at a line's end is made whole, and a paragraph that runs on to the next page
    stays one.
    """
    sheets = [[" ".join(line.split()) for line in page.split("\n")] for page in pages]
    sheets = _without_running_lines(sheets)
    lengths = sorted(len(line) for sheet in sheets for line in sheet if len(line) > 20)
    width = lengths[int(len(lengths) * 0.8)] if lengths else 0
    known = {word for sheet in sheets for line in sheet for word in re.findall(r"[\w-]+", line)}
    text = _Text(width, known)
    for sheet in sheets:
        text.begin_page()
        for line in sheet:
            text.add(line)
    return text.joined()


class _Text:
    """Running text under way: paragraphs of lines."""

    def __init__(self, width: int, known: set[str]) -> None:
        self._width = width
        self._known = known
        self._paragraphs: list[str] = []
        self._last = ""  # the line added last; empty when its paragraph is closed
        self._turned = 0  # pages begun since
        self._starts: list[tuple[int, int]] = []  # paragraph and offset in it, of each page

    def begin_page(self) -> None:
        """What is added next stands on a new page."""
        self._turned += 1

    def add(self, line: str) -> None:
        """Add a line; an empty one may end a paragraph."""
        if not line:
            # A page ends in the middle of a sentence more often than a paragraph does.
            if self._last and _ENDS.search(self._last):
                self._last = ""
            return
        if self._last and self._continues(line):
            at = self._append(line)
        else:
            self._paragraphs.append(line)
            at = 0
        self._starts += [(len(self._paragraphs) - 1, at)] * self._turned
        self._turned = 0
        self._last = line

    def _continues(self, line: str) -> bool:
        if _BULLET.match(line):
            return False
        if line[0].islower() or _HYPHEN.search(self._last):
            return True
        if _ENDS.search(self._last):
            return len(self._last) >= _WIDE * self._width > 0
        return len(self._last) >= _FULL * self._width

    def _append(self, line: str) -> int:
        """Continue the paragraph; gives the offset in it at which the line begins."""
        whole = self._paragraphs[-1]
        if _HYPHEN.search(whole) and line[0].islower():
            whole = self._paragraphs[-1] = self._unbroken(whole, line)
        else:
            whole = self._paragraphs[-1] = f"{whole} {line}"
        return len(whole) - len(line)

    def _unbroken(self, whole: str, line: str) -> str:
        """Join a broken word; its hyphen stays where the paper writes it with one elsewhere."""
        head, tail = re.split(r"[^\w-]", whole)[-1], re.split(r"[^\w-]", line)[0]
        keeps = head + tail in self._known and head[:-1] + tail not in self._known
        return (whole if keeps else whole[:-1]) + line

    def joined(self) -> tuple[str, tuple[int, ...]]:
        """Give the whole text, and the offset at which each page begins."""
        offsets, end = [], 0
        for paragraph in self._paragraphs:
            offsets.append(end)
            end += len(paragraph) + 2
        text = "\n\n".join(self._paragraphs)
        starts = [offsets[number] + into for number, into in self._starts]
        return text, tuple(starts + [len(text)] * self._turned)


def _without_running_lines(sheets: list[list[str]]) -> list[list[str]]:
    """Drop what stands at the same place of the edge of most pages, whatever number is in it."""
    sheets = [_trimmed(sheet) for sheet in sheets]
    counts = Counter(place for sheet in sheets for place in _edges(sheet))
    enough = max(2, len(sheets) // 2)
    running = {place for place, count in counts.items() if count >= enough}
    return [_without_edges(sheet, running) for sheet in sheets]


def _without_edges(sheet: list[str], running: set[_Place]) -> list[str]:
    """Cut a page's first and last lines as long as they are running lines or page numbers."""
    first = 0
    while first < min(_EDGE, len(sheet)) and _is_running(sheet, first, running):
        first += 1
    last = len(sheet)
    while last > max(first, len(sheet) - _EDGE) and _is_running(
        sheet, last - 1 - len(sheet), running
    ):
        last -= 1
    return sheet[first:last]


def _is_running(sheet: list[str], number: int, running: set[_Place]) -> bool:
    line = sheet[number]
    return not line or (number, _key(line)) in running or bool(_PAGE_NUMBER.fullmatch(line))


def _trimmed(sheet: list[str]) -> list[str]:
    filled = [number for number, line in enumerate(sheet) if line]
    return sheet[filled[0] : filled[-1] + 1] if filled else []


def _edges(sheet: list[str]) -> list[_Place]:
    """The first and the last lines of a page, with their number from the top or the bottom."""
    count = min(_EDGE, len(sheet))
    return [(number, _key(sheet[number])) for number in range(-count, count)]


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", line.casefold())
