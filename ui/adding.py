"""Adding articles from the page: what becomes of each file or address, as it happens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import DatelineError
from index.records import IngestReport
from index.uploads import drop_upload, uploaded_name
from ui import text
from ui.following import following

if TYPE_CHECKING:
    from rag.engine import QueryEngine

State = Literal["waiting", "reading", "done", "failed"]
MOST_FILES = 500  # handed over at once
MOST_ADDRESSES = 100
_OUTCOMES = ("added", "updated", "unchanged", "removed")


@dataclass(frozen=True, slots=True)
class Adding:
    """One file or address: its name, how far it is, and what came of it in one line.

    `share` is from 0 to 1, None where nobody knows yet.
    """

    name: str
    state: State = "waiting"
    words: str = "waiting"
    share: float | None = 0.0


Steps = tuple[Adding, ...]


def add_files(engine: "QueryEngine", files: Sequence[Path]) -> Iterator[Steps]:
    """Keep files in the home and bring in what they hold; every file has its own outcome.

    An error that concerns all of them (another process writes) is the outcome of each.
    """
    chosen, over = files[:MOST_FILES], files[MOST_FILES:]
    left_out = tuple(
        Adding(file.name, "failed", f"not taken: {MOST_FILES} files at once are the most", 1.0)
        for file in over
    )
    names = [file.name for file in chosen]

    def work(run: "_Run") -> None:
        copies = engine.keep_uploads(chosen)
        for number, copy in enumerate(copies):
            report = run.take(number, str(copy))
            if not (report.added or report.updated or report.unchanged):
                drop_upload(copy)

    for steps in following(partial(_in_turn, engine, names, work)):
        yield steps + left_out


def add_addresses(engine: "QueryEngine", addresses: Sequence[str]) -> Iterator[Steps]:
    """Bring in the articles behind addresses of the web, each with its own outcome."""

    def work(run: "_Run") -> None:
        for number, address in enumerate(addresses):
            run.take(number, address)

    yield from following(partial(_in_turn, engine, addresses, work))


def addresses_in(words: str) -> list[str]:
    """The addresses typed, one a line, each once. Raises UsageError for what is none."""
    from index.errors import UsageError

    found = list(dict.fromkeys(line.strip() for line in words.splitlines() if line.strip()))
    if not found:
        raise UsageError("There is no address: type one a line.")
    if len(found) > MOST_ADDRESSES:
        raise UsageError(f"{len(found):,} addresses are too many: {MOST_ADDRESSES} are the most.")
    for address in found:
        if not address.lower().startswith(("http://", "https://")):
            shown = text.excerpt(address, 80)
            raise UsageError(f"{shown} is no address: it must begin with http:// or https://.")
    return found


def _in_turn(
    engine: "QueryEngine",
    names: Sequence[str],
    work: Callable[["_Run"], None],
    tell: Callable[[Steps], None],
) -> None:
    """Do the work when nobody else of this server changes the collection."""
    run = _Run(engine, names, tell)
    tell(run.steps)
    try:
        with engine.writing():
            work(run)
    except DatelineError as error:
        run.fail_rest(str(error))


class _Run:
    """Files or addresses on their way in, one after the other."""

    def __init__(
        self, engine: "QueryEngine", names: Sequence[str], tell: Callable[[Steps], None]
    ) -> None:
        self.steps: Steps = tuple(Adding(text.line(name)) for name in names)
        self._engine = engine
        self._tell = tell

    def take(self, number: int, source: str) -> IngestReport:
        """Ingest one source and tell how far it is."""
        read = 0

        def move(done: int, total: int, _: str) -> None:
            nonlocal read
            read += 1
            told = "reading" if read == 1 else f"reading, {text.count(read, 'article')} so far"
            self._set(
                number, state="reading", words=told, share=done / total if total > 1 else None
            )

        self._set(number, state="reading", words="reading", share=None)
        report = self._engine.ingest([source], on_progress=move)
        state, words = _outcome(report, self._engine.home)
        self._set(number, state=state, words=words, share=1.0)
        return report

    def fail_rest(self, reason: str) -> None:
        """Give the reason to whatever has no outcome yet."""
        for number, step in enumerate(self.steps):
            if step.state in ("waiting", "reading"):
                self._set(number, state="failed", words=text.line(reason), share=1.0)

    def _set(self, number: int, *, state: State, words: str, share: float | None) -> None:
        changed = replace(self.steps[number], state=state, words=words, share=share)
        self.steps = (*self.steps[:number], changed, *self.steps[number + 1 :])
        self._tell(self.steps)


def _outcome(report: IngestReport, home: Path) -> tuple[State, str]:
    """What came of one file or address, in a line."""
    went_in = bool(report.added or report.updated or report.unchanged)
    told = [
        f"{text.count(len(sources), 'article')} {outcome}"
        for outcome in _OUTCOMES
        if (sources := getattr(report, outcome))
    ]
    if report.failed:
        source, reason = report.failed[0]
        number = source.rpartition("#")[2]
        record = f"record {number} " if number.isdigit() else ""
        told.append(record + _told_as_names(reason, home))
        more = len(report.failed) - 1
        told += [f"and {more:,} more could not be read"] if more else []
    return "done" if went_in else "failed", text.line("; ".join(told) or "holds no article")


def _told_as_names(reason: str, home: Path) -> str:
    return " ".join(uploaded_name(home, word) for word in reason.split(" "))
