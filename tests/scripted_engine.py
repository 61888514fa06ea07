"""An engine that gives set answers, so that every figure over it can be worked out by hand."""

from dataclasses import dataclass, field

from index.article import Article, Metadata
from index.errors import LLMError
from index.records import ArticleRow, Coverage
from rag.answer import Answer, ArticleRef, Citation, Passage, Refusal, Sentence


@dataclass
class Line:
    """What to answer: `quotes` pairs an article's id with words of it, best passage first.

    Without `text` the question is refused; with `error` the engine fails on it.
    """

    text: str = ""
    short: str | None = None
    quotes: list = field(default_factory=list)
    cited: int = 1  # how many of the quotes are cited
    confidence: float | None = None
    seconds: float = 0.1
    error: str = ""


class ScriptedEngine:
    """Articles by id, and a `Line` for each question."""

    def __init__(self, articles, script):
        self.texts = articles
        self.script = script
        self.asked = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def retrieve(self, question, top_k=10, filters=None):
        return [self._passage(*quote) for quote in self.script[question].quotes][:top_k]

    def ask(self, question, history=(), filters=None):
        self.asked.append(question)
        line = self.script[question]
        if line.error:
            raise LLMError(line.error)
        passages = tuple(self.retrieve(question))
        cited = passages[: line.cited] if line.text else ()
        citations = tuple(
            Citation(number, each.text, each.start, each.end, each.article)
            for number, each in enumerate(cited, start=1)
        )
        numbers = tuple(citation.number for citation in citations)
        coverage = Coverage(len(self.texts), (), None, None)
        return Answer(
            question=question,
            text=line.text or "The articles do not say.",
            short_answer=line.short,
            answered=bool(line.text),
            sentences=(Sentence(line.text, "supported", numbers),) if line.text else (),
            citations=citations,
            passages=passages,
            origins=None,
            figures=None,
            refusal=None if line.text else Refusal("The articles do not say.", (), coverage),
            confidence=line.confidence,
            engine="scripted",
            seconds=line.seconds,
            timings={"read": line.seconds / 2},
        )

    def articles(self):
        return [
            ArticleRow(one, 1, f"/news/{one}.txt", Metadata(), 1, len(text), "2024-05-01T00:00:00Z")
            for one, text in self.texts.items()
        ]

    def article(self, identity):
        text = self.texts.get(identity)
        return text and Article(identity, 1, f"/news/{identity}.txt", text, Metadata())

    def _passage(self, article, words):
        start = self.texts[article].index(words)
        known = ArticleRef(article, None, None, None, None, None, f"/news/{article}.txt")
        return Passage(words, start, start + len(words), 1.0, known)
