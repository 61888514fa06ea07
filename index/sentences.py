"""Split a text into sentences, each known by its character offsets."""

import re
from collections.abc import Iterator

from index.article import Span

LONGEST = 1000  # characters; a longer run without a sentence end is cut at a space

# A sentence may end here: a full stop, question or exclamation mark with its closing quotes,
# before white space and something that can begin a sentence.
_END = re.compile(r"(?:[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[^\W_a-z])|[。！？]+[」』”’）]*|\n)")
_LAST_WORD = re.compile(r"([^\s\"'“‘(\[/]+?)\.[\"'”’»)\]]*$")
_INITIALS = re.compile(r"^(?:[A-Za-z]\.)*[A-Z]$")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof st gen col lt maj capt sgt cmdr adm brig sen rep gov pres hon rev fr sr jr
    jan feb mar apr jun jul aug sep sept oct nov dec no nos vs etc inc ltd co corp dept est fig
    approx ave blvd mt al ph""".split()
)
_ALWAYS_JOINED = frozenset(
    "mr mrs ms dr prof gen col lt maj capt sgt cmdr adm brig sen rep gov".split()
)


def _joins_on(head: str, tail: str) -> bool:
    """Whether the full stop at the end of `head` belongs to an abbreviation within a sentence."""
    match = _LAST_WORD.search(head)
    if match is None:
        return False
    word = match.group(1)
    bare = word.replace(".", "").casefold()
    if bare in _ALWAYS_JOINED:
        return True
    if bare in _ABBREVIATIONS:
        # "Jan. 5", "No. 3" go on; "… in Sept. The …" mostly ends, unless a number follows.
        return tail[:1].isdigit() or bare in {"st", "vs", "fr", "rev", "hon", "mt", "al"}
    if _INITIALS.match(word):
        # "J. Smith" and "U.S. Senate" go on; "in the U.S. The" ends.
        return _next_word(tail).casefold() not in _STARTERS
    return False


_STARTERS = frozenset(
    "the a an in on at he she it they we but and this that these those there however his her its"
    " their after before when while as for last earlier meanwhile both under such since".split()
)
_NEXT = re.compile(r"[^\s,.;:]+")


def _next_word(text: str) -> str:
    match = _NEXT.match(text)
    return match.group() if match else ""


def _boundaries(text: str) -> Iterator[int]:
    """Offsets where a sentence ends."""
    begin = 0
    for match in _END.finditer(text):
        end = match.end()
        if match.group() != "\n":
            head = text[max(begin, end - 40) : end]
            if _joins_on(head, text[end : end + 40].lstrip()):
                continue
        yield end
        begin = end
    yield len(text)


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Pieces of at most LONGEST characters, cut at spaces where there are any."""
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        stop = space if space > 0 else start + LONGEST
        yield Span(start, stop)
        start = stop + (space > 0)
    if end > start:
        yield Span(start, end)


def split_sentences(text: str) -> list[Span]:
    """The sentences of a text in order, without surrounding white space.

    A line break always ends a sentence: headings and list items stand alone. Spans never
    overlap and are at most `LONGEST` characters long.
    """
    spans: list[Span] = []
    begin = 0
    for stop in _boundaries(text):
        raw = text[begin:stop]
        start = begin + len(raw) - len(raw.lstrip())
        end = begin + len(raw.rstrip())
        if end > start:
            spans.extend(_cut(text, start, end))
        begin = stop
    return spans
