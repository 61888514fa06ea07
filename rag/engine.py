"""Ask a home questions: the question's way out, composed."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self

from index.article import Article, Filters
from index.bin import Binned, Restored, empty_bin, in_bin, put_into_bin, restore
from index.errors import UsageError
from index.home import Home
from index.ingest import Progress, Stop, ingest, never
from index.records import ArticleRow, Coverage, HomeStatus, IngestReport, RepairReport, SyncReport
from index.sources import Gone, Source, check_gone
from index.sync import sync
from index.tokens import count_tokens
from index.uploads import keep_uploads
from rag.answer import Answer, Draft, Event, Passage, Retrieved, TextDelta, Trace
from rag.compose import (
    EXTRACTIVE,
    UNSUPPORTED,
    answered,
    as_asked,
    refused,
    why_not,
    written_answer,
)
from rag.conversation.followup import completed
from rag.found import Found
from rag.group import Group, group
from rag.read import Reader
from rag.readers import open_reader
from rag.rerank import DEPTH, Reranker, open_reranker
from rag.retrieve import Candidate, Query, passages, prepare, rerank, retrieve
from rag.spans import record
from rag.stopwatch import Stopwatch
from rag.subjects import subjects
from rag.understand import LONGEST_QUESTION, understand
from rag.writing.write import Writer, open_writer
from rag.writing.written import Written

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from rag.interop import DatelineQueryEngine, DatelineRetriever
    from rag.llms.options import LLMOptions

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
        writer: Writer | None = None,
        passages: int = READ,
    ) -> None:
        self._home = home
        self._passages = passages
        self._reader = reader
        self._writer = writer  # None: answers quote
        self._reranker = reranker
        self._coverage = Coverage(0, (), None, None)  # with the subjects, which take a moment
        self._turn = RLock()  # whoever changes the collection, when several would
        self._today = today  # a question of the present means the day it is asked

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def home(self) -> Path:
        """The folder of the collection."""
        return self._home.path

    @property
    def llm_name(self) -> str | None:
        """The language model that writes answers, None where they quote."""
        return self._writer.name if self._writer else None

    @property
    def is_strict(self) -> bool:
        """Whether what nothing supports is left out instead of marked."""
        return self._writer is not None and self._writer.is_strict

    def variant(self, *, quoting: bool, strict: bool, passages: int = READ) -> "QueryEngine":
        """An engine over the same open home that answers otherwise: in quotes although a language
        model is there, strictly, from another number of passages. Only this one is to be closed.
        """
        same = quoting == (self._writer is None) and strict == self.is_strict
        if passages == self._passages and (same or self._writer is None):
            return self
        writer = self._writer.variant(strict=strict) if self._writer and not quoting else None
        return QueryEngine(self._home, self._reader, self._reranker, self._today, writer, passages)

    def close(self) -> None:
        """Let the home go, and the language model that was opened for it."""
        if self._writer is not None:
            self._writer.close()
        self._home.close()

    # Questions

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Answer:
        """Answer a question in sentences that cite exact words, or refuse and say why.

        `history` holds the conversation, oldest first: a question that depends on it is
        completed from it, and the answer's `standalone` says how.
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
        asked = check_question(question)
        question = yield from self._completed(asked, history)
        query = prepare(understand(question), self._home, self._today())
        watch.stop("understand")
        candidates = self._candidates(query, self._passages, filters)
        shown = passages(candidates[:SHOWN])
        watch.stop("retrieve")
        yield Retrieved(shown)
        watch.restart()
        findings = self._reader.read(query, candidates)
        watch.stop("read")
        found = Found(query, question, tuple(candidates), tuple(findings), shown, filters)
        if self._writer is None or not found.worth_asking:
            answer = self._quoted(found) if self._writer is None else self._refused(found)
            yield from _deltas(answer)
        else:
            answer = yield from self._written(found, self._writer)
            watch.stop("write")
        trace = found.traced(answer.trace)
        answer = answer if question == asked else as_asked(answer, asked)
        answer = replace(answer, seconds=watch.total, timings=dict(watch.stages), trace=trace)
        record(watch, answer)
        yield answer

    def _completed(self, question: str, history: Sequence[Turn]) -> Generator[Draft, None, str]:
        """A follow-up as a question that stands alone."""
        if not history:
            return question
        return (yield from completed(question, history, self._writer))

    def _quoted(self, found: Found) -> Answer:
        groups = self._groups(found)
        if not groups:
            return self._refused(found)
        answer = answered(found.question, groups, found.shown, found.query.question.wants_list)
        return replace(answer, confidence=found.confidence)

    def _groups(self, found: Found) -> list[Group]:
        question = found.query.question
        return group(found.findings, self._reader.enough, question.wants_list, question.many)

    def _refused(self, found: Found, reason: str | None = None) -> Answer:
        coverage = self.coverage()
        reason = reason or why_not(found.candidates, coverage, found.filters)
        answer = refused(found.question, reason, found.shown, coverage)
        return replace(answer, confidence=found.confidence)

    def _written(self, found: Found, writer: Writer) -> Generator[Draft | TextDelta, None, Answer]:
        """The answer in the language model's words, told as its sentences are checked."""
        sources = writer.sources(found.question, found.candidates, found.findings)
        written = Written()
        yield from writer.write(found.question, sources, self._today(), written)
        groups = self._groups(found)
        short = groups[0].lead.short if groups else None
        said = short.text if short else None
        answer = written_answer(found.question, written, said, found.shown)
        if answer is None:
            reason = None if written.says_nothing else UNSUPPORTED
            answer = replace(self._refused(found, reason), sentences=tuple(written.sentences))
        return replace(
            answer,
            confidence=found.confidence if answer.short_answer or not answer.answered else None,
            engine=writer.name,
            dropped_citations=written.dropped,
            withheld=written.withheld,
            interrupted=written.interrupted,
            usage=written.usage,
            trace=Trace(
                prompt=written.prompt,
                prompt_tokens=count_tokens(written.prompt),
                checks=tuple(written.checks),
            ),
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

    # For programs that use LlamaIndex

    def as_retriever(self, top_k: int = 10, filters: Filters | None = None) -> "DatelineRetriever":
        """The engine as a LlamaIndex retriever; see rag/interop.py."""
        from rag.interop import DatelineRetriever

        return DatelineRetriever(partial(self.retrieve, top_k=top_k, filters=filters))

    def as_query_engine(self, filters: Filters | None = None) -> "DatelineQueryEngine":
        """The engine as a LlamaIndex query engine; see rag/interop.py."""
        from rag.interop import DatelineQueryEngine

        return DatelineQueryEngine(partial(self.ask, filters=filters))

    # The collection

    def ingest(
        self,
        paths: Iterable[str | Path],
        on_progress: Progress | None = None,
        fields: Mapping[str, str] | None = None,
        *,
        gone: str | None = None,
        dry_run: bool = False,
        stop: Stop = never,
    ) -> IngestReport:
        """Bring files, folders and addresses into the home; `on_progress(done, total, source)`.

        `gone` says what becomes of articles that vanish from folders, feeds, sitemaps and lists:
        "keep", "flag" or "remove"; None removes those of folders and keeps those of the web.
        With `dry_run` the report says what would be done. When `stop` says so, the run ends after
        the article it is at. `fields` says what records (JSON, CSV) call our fields:
        {"text": "body.plain"}.
        """
        chosen = _gone(gone)
        return ingest(
            self._home, paths, on_progress, fields or {}, gone=chosen, dry_run=dry_run, stop=stop
        )

    def sync(
        self,
        sources: Iterable[str] | None = None,
        on_progress: Progress | None = None,
        *,
        gone: str | None = None,
        dry_run: bool = False,
        stop: Stop = never,
    ) -> SyncReport:
        """Bring in what is new or changed in the remembered sources, or in those given.

        `gone` changes what was chosen for them. Raises UsageError for an unknown source.
        """
        return sync(self._home, sources, on_progress, gone=_gone(gone), dry_run=dry_run, stop=stop)

    def sources(self) -> list[Source]:
        """The folders, feeds, sitemaps, lists and pages that `sync` looks at."""
        return self._home.sources()

    def forget(self, sources: Iterable[str]) -> list[str]:
        """Forget sources, whose articles stay; returns the addresses that were known."""
        return self._home.forget(sources)

    def articles(self) -> list[ArticleRow]:
        """All articles of the home."""
        return self._home.list_articles()

    def article(self, article_id: str, revision: int | None = None) -> Article | None:
        """One article with its text as it is now, or as it was in an earlier revision, or None."""
        if revision is None:
            return self._home.article(article_id)
        return self._home.article_at(article_id, revision)

    def revisions(self, article_id: str) -> list[tuple[int, str]]:
        """The revisions of an article that are kept, oldest first, each with its ISO time."""
        return self._home.revisions(article_id)

    def remove(self, article_ids: Iterable[str]) -> list[str]:
        """Remove articles; returns the ids that were there."""
        return self._home.remove(article_ids)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One turn of changing the collection, for a process that goes on for long: others of
        this process wait for it, and afterwards other processes may write again.
        """
        with self._turn:
            try:
                yield
            finally:
                self._home.end_writing()

    def put_into_bin(self, article_ids: Iterable[str]) -> list[str]:
        """Remove articles so that `restore` can bring them back; returns the ids that were there.

        The bin keeps them for `index.bin.KEPT_DAYS` days.
        """
        return put_into_bin(self._home, article_ids)

    def in_bin(self) -> list[Binned]:
        """The articles that `restore` can bring back, the latest removal first."""
        return in_bin(self._home)

    def restore(self, article_ids: Iterable[str]) -> Restored:
        """Bring articles back from the bin as they were."""
        return restore(self._home, article_ids)

    def empty_bin(self, article_ids: Iterable[str]) -> None:
        """Forget articles of the bin for good."""
        empty_bin(self._home, article_ids)

    def keep_uploads(self, files: Sequence[Path]) -> list[Path]:
        """Copy files that somebody handed over into the home, to be ingested from there."""
        return keep_uploads(self._home.path, files)

    def coverage(self) -> Coverage:
        """What the collection holds: how many articles, on what, which outlets, when."""
        coverage = self._home.coverage()
        if replace(self._coverage, subjects=()) != coverage:
            self._coverage = replace(coverage, subjects=subjects(self._home.list_articles()))
        return self._coverage

    def status(self) -> HomeStatus:
        """Counts and sizes of the home and its indexes."""
        return self._home.status()

    def repair(self, on_progress: Callable[[int, int, str], None] | None = None) -> RepairReport:
        """Rebuild the search indexes from the stored truth, without embedding again."""
        return self._home.repair(on_progress)


def _gone(value: str | None) -> Gone | None:
    return None if value is None else check_gone(value)


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
    llm: "str | LLM | None" = None,
    embedding: "str | BaseEmbedding | None" = None,
    chroma_url: str | None = None,
    today: date | None = None,
    reader: "str | Reader | None" = None,
    reranker: "str | Reranker | BaseNodePostprocessor | None" = None,
    strict: bool = False,
    llm_options: "LLMOptions | None" = None,
) -> QueryEngine:
    """Open a home for questions; see `rag.connect`."""
    writer = (
        None if llm is None or llm in ("", EXTRACTIVE) else open_writer(llm, strict, llm_options)
    )
    chosen = open_reader(reader), open_reranker(reranker)
    opened = Home.open(home, embedding, chroma_url)
    return QueryEngine(opened, *chosen, lambda: today or date.today(), writer)
