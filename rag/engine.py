"""Ask a home questions: the question's way out, composed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.article import Article, Filters
from index.errors import LLMError, UsageError
from index.home import Home
from index.ingest import ingest
from index.records import ArticleRow, Coverage, HomeStatus, IngestReport, RepairReport
from rag.answer import Answer, Event, Passage, Retrieved, TextDelta
from rag.compose import EXTRACTIVE, answered, refused, why_not
from rag.group import group
from rag.read import Reader
from rag.readers import open_reader
from rag.rerank import DEPTH, Reranker, open_reranker
from rag.retrieve import Candidate, Query, passages, prepare, rerank, retrieve
from rag.stopwatch import Stopwatch
from rag.understand import LONGEST_QUESTION, understand

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

READ = 10  # passages that are read for an answer
SHOWN = 5  # passages that an answer shows
Turn = tuple[str, str]  # an earlier question and its answer's text


class QueryEngine:
    """Answers questions from one home. Safe to use from several threads."""

    def __init__(
        self,
        home: Home,
        reader: Reader,
        reranker: Reranker | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._home = home
        self._reader = reader
        self._reranker = reranker
        self._today = today  # a question of the present means the day it is asked

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the home go."""
        self._home.close()

    # Questions

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Answer:
        """Answer a question in sentences that cite exact words, or refuse and say why.

        `history` is accepted for conversations; quoting answers each question on its own.
        Raises UsageError for a question that is empty, too long or holds no word.
        """
        for event in self.stream(question, history, filters):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with its answer")

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Event]:
        """The same as `ask`, as it comes: passages first, then text, last the whole answer."""
        watch = Stopwatch()
        question = check_question(question)
        query = prepare(understand(question), self._home, self._today())
        watch.stop("understand")
        candidates = self._candidates(query, READ, filters)
        shown = passages(candidates[:SHOWN])
        watch.stop("retrieve")
        yield Retrieved(shown)
        watch.restart()
        findings = self._reader.read(query, candidates)
        groups = group(findings, self._reader.enough)
        if groups:
            answer = answered(question, groups, shown)
        else:
            reason = why_not(candidates, self._home.coverage(), filters)
            answer = refused(question, reason, shown, self._home.coverage())
        watch.stop("read")
        yield from _deltas(answer)
        confidence = round(findings[0].probability, 4) if findings else None
        yield replace(
            answer, confidence=confidence, seconds=watch.total, timings=dict(watch.stages)
        )

    def retrieve(
        self, question: str, top_k: int = 10, filters: Filters | None = None
    ) -> list[Passage]:
        """The passages that best match a question, best first."""
        query = prepare(understand(check_question(question)), self._home, self._today())
        return list(passages(self._candidates(query, top_k, filters)))

    def _candidates(self, query: Query, top_k: int, filters: Filters | None) -> list[Candidate]:
        if self._reranker is None:
            return retrieve(query, self._home, top_k, filters)
        pool = retrieve(query, self._home, max(top_k, DEPTH), filters)
        return rerank(query, pool, self._reranker, top_k)

    # The collection

    def ingest(
        self,
        paths: Iterable[str | Path],
        on_progress: Callable[[int, int, str], None] | None = None,
    ) -> IngestReport:
        """Bring files and folders into the home; `on_progress(done, total, source)`."""
        return ingest(self._home, paths, on_progress)

    def articles(self) -> list[ArticleRow]:
        """All articles of the home."""
        return self._home.list_articles()

    def article(self, article_id: str) -> Article | None:
        """One article with its text, or None."""
        return self._home.article(article_id)

    def remove(self, article_ids: Iterable[str]) -> list[str]:
        """Remove articles; returns the ids that were there."""
        return self._home.remove(article_ids)

    def coverage(self) -> Coverage:
        """What the collection holds: how many articles, which outlets, from when to when."""
        return self._home.coverage()

    def status(self) -> HomeStatus:
        """Counts and sizes of the home and its indexes."""
        return self._home.status()

    def repair(self, on_progress: Callable[[int, int, str], None] | None = None) -> RepairReport:
        """Rebuild the search indexes from the stored truth, without embedding again."""
        return self._home.repair(on_progress)


def check_question(text: str) -> str:
    """The question in one line without control characters. Raises UsageError if unusable."""
    cleaned = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not cleaned:
        raise UsageError("The question is empty. Type a question about the articles.")
    if len(cleaned) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(cleaned):,} characters; the most is {LONGEST_QUESTION:,}. "
            "Ask it in fewer words."
        )
    if not any(c.isalnum() for c in cleaned):
        raise UsageError("The question holds no word. Type a question about the articles.")
    return cleaned


def _deltas(answer: Answer) -> Iterator[TextDelta]:
    """The answer's text, sentence by sentence."""
    if answer.refusal:
        yield TextDelta(answer.text)
    for number, sentence in enumerate(answer.sentences):
        yield TextDelta(sentence.text if number == 0 else f" {sentence.text}")


def connect(
    home: str | Path,
    llm: str | None = None,
    embedding: "str | BaseEmbedding | None" = None,
    chroma_url: str | None = None,
    today: date | None = None,
    reader: "str | Reader | None" = None,
    reranker: "str | Reranker | BaseNodePostprocessor | None" = None,
) -> QueryEngine:
    """Open a home for questions; see `rag.connect`."""
    if llm not in {None, "", EXTRACTIVE}:
        raise LLMError(
            f"The language model {llm!r} cannot be used: this version only quotes. "
            f"Leave --llm and DATELINE_LLM out, or set them to {EXTRACTIVE!r}."
        )
    chosen = open_reader(reader), open_reranker(reranker)
    opened = Home.open(home, embedding, chroma_url)
    return QueryEngine(opened, *chosen, lambda: today or date.today())
