"""Citation marks as language models write them: [1], [1][2], [1, 2], [2-4], [Passage 3], 【1】."""

import re

_NUMBERS = r"\d{1,4}(?:\s*(?:,|;|&|and|-|–|to)\s*(?:passages?\s*)?\d{1,4})*"
_MARK = re.compile(
    rf"\s*[\[【](?:\s*(?:passages?|sources?|articles?|citations?|refs?\.?)\s*)?[\^#]?"
    rf"({_NUMBERS})\s*(?:†[^\]】]{{0,40}})?[\]】]",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*(?:-|–|to)\s*(?:passages?\s*)?(\d+)", re.IGNORECASE)
_LONGEST_RANGE = 30
_AFTER_STOP = re.compile(
    rf"([.!?…]+[\"'”’]*)({_MARK.pattern}(?:\s*[,;]?{_MARK.pattern})*)", re.IGNORECASE
)
_OPEN = re.compile(r"\s*[\[【][^\]】\n]{0,60}$")
_RUN = re.compile(rf"{_MARK.pattern}(?:\s*[,;]?{_MARK.pattern})*", re.IGNORECASE)
_SPACE = re.compile(r"\s+([.!?…,;:])")


def _numbers(inside: str) -> list[int]:
    found: list[int] = []
    for match in re.finditer(rf"{_RANGE.pattern}|\d+", inside, re.IGNORECASE):
        first, last = match[1], match[2]
        if first is None:
            found.append(int(match[0]))
        elif int(first) <= int(last) <= int(first) + _LONGEST_RANGE:
            found += range(int(first), int(last) + 1)
        else:
            found += [int(first), int(last)]
    return found


def marks_before_stops(text: str) -> str:
    """The text with marks that follow a sentence's full stop moved in front of it."""
    return _AFTER_STOP.sub(lambda match: match[2] + match[1], text)


def parted(sentence: str) -> tuple[str, tuple[int, ...]]:
    """A sentence without its marks, and the numbers in them, each once, in order."""
    numbers = [n for match in _MARK.finditer(sentence) for n in _numbers(match[1])]
    bare = _SPACE.sub(r"\1", " ".join(_RUN.sub("", sentence).split()))
    return bare, tuple(dict.fromkeys(numbers))


def without_open_mark(text: str) -> str:
    """A streamed prefix without its marks, whole ones and one that is not finished yet."""
    return _OPEN.sub("", _MARK.sub("", text))
