"""Paragraphs of an article that the extraction of its body left out.

Trafilatura drops a short last paragraph now and then, and with it a reported sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from index.decode import tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAST = 3  # paragraphs of one place that were found, before others of it are believed
_MOST_LINKED = 0.5  # of a paragraph's letters
_ENDS = (".", "!", "?", "…", "”", '"', "’", "»", "。")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a page: its words, the element around it, and whether it reads as text."""

    text: str
    place: int
    reads: bool


def paragraphs(tree: "HtmlElement") -> list[Paragraph]:
    """The paragraphs of a page that hold text, in order."""
    found = []
    for number, (_, group) in enumerate(groupby(tree.iter("p"), lambda p: p.getparent())):
        for element in group:
            if text := _plain(element):
                linked = sum(len(_plain(link)) for link in element.iter("a"))
                reads = text.endswith(_ENDS) and linked <= _MOST_LINKED * len(text)
                found.append(Paragraph(text, number, reads))
    return found


def restored(text: str, known: Sequence[Paragraph]) -> str:
    """The extracted text with the paragraphs that stand between or right after those found."""
    lines = text.split("\n")
    at = {" ".join(line.split()): number for number, line in enumerate(lines)}
    missing: dict[int, list[str]] = {}
    for _, group in groupby(known, lambda paragraph: paragraph.place):
        together = list(group)
        found = [n for n, paragraph in enumerate(together) if paragraph.text in at]
        if len(found) < _LEAST:
            continue
        line = at[together[found[0]].text]
        for paragraph in together[found[0] : found[-1] + 2]:
            if paragraph.text in at:
                line = at[paragraph.text]
            elif paragraph.reads and paragraph.text not in text:
                missing.setdefault(line, []).append(paragraph.text)
    return "\n".join(
        part for number, line in enumerate(lines) for part in (line, *missing.get(number, ()))
    )


def _plain(element: "HtmlElement") -> str:
    return " ".join(tidy(str(element.text_content())).split())
