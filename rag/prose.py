"""Give a passage the form of plain prose, character for character, before it is read."""

import re

_BULLET = re.compile(r"\s*\n\s*(?:[-*•–]|\d{1,2}[.)])\s")
_PAUSES = ".,:;!?"


def as_prose(text: str) -> str:
    """The passage with its list items as a sentence has them, "from Syria; Sudan; Chad", because
    the trained reader learnt from running text. As long as before.
    """
    return _BULLET.sub(_joined, text)


def _joined(bullet: re.Match[str]) -> str:
    before = bullet.string[: bullet.start()][-1:]
    mark = " " if not before or before in _PAUSES else ";"
    return mark.ljust(len(bullet.group()))
