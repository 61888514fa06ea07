"""An engine for the page in a browser: answers of every kind, and articles that attack."""

import time
from dataclasses import replace

from rag.answer import Citation, Draft, Retrieved, Sentence, TextDelta
from tests.fake_engine import ARTICLES, FakeEngine, article
from tests.hostile import HOSTILE

HEBREW = "\u05d0\u05dc\u05e4\u05d9 \u05dc\u05d5\u05d7\u05de\u05d9\u05dd"
WHISPERS = tuple(
    article(
        f"h{number}",
        f"Attackers whispered {words} near Gotham. And {words} again.",
        title=words,
        publisher=words,
        author=words,
        published="2019-12-03",
        url=words,
    )
    for number, words in enumerate(HOSTILE)
)
ORDINARY = article("rtl", f"{HEBREW} 20,000.", title=HEBREW, publisher="Harbour Wire")


class PageEngine(FakeEngine):
    """Questions that hold "for ever" are written without end, "in part" gives an answer whose
    sentences are supported to different degrees, "hostile model" streams what attacks.
    """

    llm_name = "writer-1"

    def __init__(self):
        super().__init__((*ARTICLES, ORDINARY, *WHISPERS))

    def stream(self, question, history=(), filters=None):
        if "for ever" in question:
            yield from self._endless()
        elif "in part" in question:
            yield from self._told(question, ("All are there.", "Few left.", "They dance."))
        elif "hostile model" in question:
            yield from self._told(question, HOSTILE)
        else:
            yield from super().stream(question, history, filters)

    def _endless(self):
        yield Retrieved(())
        yield TextDelta("Checked words.")
        while True:
            yield Draft("Words under way")
            time.sleep(0.02)

    def _told(self, question, lines):
        """The lines with supports in turn; each is drafted before it is told."""
        found = self.retrieve("foreign fighters envoy", 2)
        marks = (" [1]", " [2] [partly supported]", " [unsupported]")
        kinds = ("supported", "partial", "unsupported")
        sentences = []
        yield Retrieved(tuple(found))
        for number, line in enumerate(lines):
            which = number % 3
            cited = (which + 1,) if which < 2 else ()
            sentences.append(Sentence(line + marks[which], kinds[which], cited))
            yield Draft(line)
            yield TextDelta(f"{sentences[-1].text} ")
        citations = tuple(
            Citation(number, one.text, one.start, one.end, one.article)
            for number, one in enumerate(found, 1)
        )
        text = " ".join(one.text for one in sentences)
        answer = self._answer(question, text, tuple(sentences), citations, tuple(found), None)
        yield replace(answer, confidence=0.9, engine="writer-1")
