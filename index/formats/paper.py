"""From the lines of printed pages to running text, and where each page begins in it."""

import re
from collections import Counter
from collections.abc import Iterable

_EDGE = 3  # lines at the top and the bottom of a page that may be running heads and feet
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page|seite|p\.|pg\.?)?\s*\d{1,4}\s*(?:(?:/|of|von|de)\s*\d{1,4})?[-–—\s]*",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_FULL = 0.75  # of the usual line: what is shorter ends its paragraph
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
    text, starts = _Text(width, known), []
    for sheet in sheets:
        starts.append(text.begin_page())
        for line in sheet:
            text.add(line)
    return text.joined(starts)


class _Text:
    """Running text under way: paragraphs of lines."""

    def __init__(self, width: int, known: set[str]) -> None:
        self._width = width
        self._known = known
        self._paragraphs: list[str] = []
        self._last = ""  # the line added last; empty when its paragraph is closed

    def begin_page(self) -> tuple[int, int]:
        """The paragraph and the offset in it at which what comes next will stand."""
        if self._last and self._paragraphs:
            return len(self._paragraphs) - 1, len(self._paragraphs[-1])
        return len(self._paragraphs), 0

    def add(self, line: str) -> None:
        if not line:
            # A page ends in the middle of a sentence more often than a paragraph does.
            if self._last and _ENDS.search(self._last):
                self._last = ""
            return
        if self._last and self._continues(line):
            self._append(line)
        else:
            self._paragraphs.append(line)
        self._last = line

    def _continues(self, line: str) -> bool:
        if _BULLET.match(line):
            return False
        if line[0].islower() or _HYPHEN.search(self._last):
            return True
        full = len(self._last) >= _FULL * self._width
        return full and not (_ENDS.search(self._last) and len(self._last) < 0.9 * self._width)

    def _append(self, line: str) -> None:
        whole = self._paragraphs[-1]
        if _HYPHEN.search(whole) and line[0].islower():
            self._paragraphs[-1] = self._unbroken(whole, line)
        else:
            self._paragraphs[-1] = f"{whole} {line}"

    def _unbroken(self, whole: str, line: str) -> str:
        """Join a broken word; its hyphen stays where the paper writes it with one elsewhere."""
        head, tail = re.split(r"[^\w-]", whole)[-1], re.split(r"[^\w-]", line)[0]
        keeps = head + tail in self._known and head[:-1] + tail not in self._known
        return (whole if keeps else whole[:-1]) + line

    def joined(self, starts: list[tuple[int, int]]) -> tuple[str, tuple[int, ...]]:
        offsets, at = [], 0
        for paragraph in self._paragraphs:
            offsets.append(at)
            at += len(paragraph) + 2
        text = "\n\n".join(self._paragraphs)
        offsets.append(len(text))
        return text, tuple(min(offsets[number] + into, len(text)) for number, into in starts)


def _without_running_lines(sheets: list[list[str]]) -> list[list[str]]:
    """Drop what stands at the same edge of most pages, whatever number is in it."""
    sheets = [_trimmed(sheet) for sheet in sheets]
    counts = Counter(key for sheet in sheets for key in {_key(line) for line in _edges(sheet)})
    enough = max(2, len(sheets) // 2) if len(sheets) > 1 else len(sheets) + 1
    running = {key for key, count in counts.items() if count >= enough}
    return [_without(sheet, running) for sheet in sheets]


def _without(sheet: list[str], running: set[str]) -> list[str]:
    for edge in (0, -1):
        for _ in range(_EDGE):
            if sheet and (not sheet[edge] or _is_running(sheet[edge], running)):
                sheet = sheet[1:] if edge == 0 else sheet[:-1]
    return sheet


def _is_running(line: str, running: set[str]) -> bool:
    return _key(line) in running or _PAGE_NUMBER.fullmatch(line) is not None


def _trimmed(sheet: list[str]) -> list[str]:
    filled = [number for number, line in enumerate(sheet) if line]
    return sheet[filled[0] : filled[-1] + 1] if filled else []


def _edges(sheet: list[str]) -> list[str]:
    return sheet[:_EDGE] + sheet[_EDGE:][-_EDGE:]


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", line.casefold())
