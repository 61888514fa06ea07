"""Pages with what a reader should get from them, and how near an extraction comes to it."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from tests.pages import shapes, stories
from tests.pages.stories import Story

Half = Literal["tuned", "unseen"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, the name of its shape and the story that is in it."""

    name: str
    html: str
    story: Story

    @property
    def body(self) -> str:
        """The reporting in it."""
        return "\n".join(text.removeprefix("## ") for text in self.story.paragraphs)


def pages(half: Half) -> list[Page]:
    """Two stories in each shape of one half; the halves share neither stories nor shapes."""
    found = shapes.TUNED if half == "tuned" else shapes.UNSEEN
    told = stories.TUNED if half == "tuned" else stories.UNSEEN
    return [
        Page(f"{shape.__name__}-{at}", shape(told[at]), told[at])
        for number, shape in enumerate(found)
        for at in sorted({number % len(told), (number + 3) % len(told)})
    ]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def f1(found: str, wanted: str) -> float:
    """F1 over the words of two texts, each counted as often as it occurs."""
    ours, theirs = Counter(words(found)), Counter(words(wanted))
    shared = (ours & theirs).total()
    return 2 * shared / max(ours.total() + theirs.total(), 1)


def same(found: str | None, wanted: str) -> bool:
    """Whether two titles or names say the same, whatever their case and punctuation."""
    return words(found or "") == words(wanted)
