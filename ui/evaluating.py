"""One evaluation from the page: how far it is, and what came of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from index.errors import ServerBusy, UsageError
from ui.evaluation_runs import Kept, gold_files, keep_run, run_file, runs_folder
from ui.following import following
from ui.report import RESULTS

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_ANSWERS = "unfinished.jsonl"


@dataclass(frozen=True, slots=True)
class Asking:
    """How many questions of all are answered, and the one taken last."""

    done: int
    total: int
    question: str


class _StoppedError(Exception):
    """Somebody wants the run to end."""


class Evaluating:
    """Evaluations of one server: one at a time, since each keeps the machine busy."""

    def __init__(self, engine: "QueryEngine") -> None:
        self._engine = engine
        self._running = Lock()
        self._owner: str | None = None
        self._stop = Event()

    def stop(self, owner: str) -> None:
        """End the run of this owner after the question it is at."""
        if self._owner == owner:
            self._stop.set()

    def run(self, gold: str, earlier: str, owner: str) -> Iterator[Asking | Kept]:
        """Ask every question of a gold file; at last the run as it is kept.

        `earlier` names a run to compare with, or is empty. A run that was stopped goes on where
        it was when it is started again. Raises UsageError for a gold file or a run that cannot be
        used, and when the run was stopped; ServerBusy while another one is under way.
        """
        home = self._engine.home
        path = gold_files(home).get(gold)
        if path is None:
            raise UsageError("Choose a gold file first.")
        before = run_file(home, earlier, RESULTS) if earlier else None
        if earlier and before is None:
            raise UsageError("The run to compare with is not there any more. Choose another.")
        if not self._running.acquire(blocking=False):
            raise ServerBusy("Another evaluation is under way. Start this one when it is done.")
        self._owner = owner
        self._stop.clear()

        def work(tell: Callable[[Asking | Kept], None]) -> None:
            try:
                tell(self._evaluated(path, before, tell))
            finally:
                self._owner = None
                self._running.release()

        yield from following(work)

    def _evaluated(self, gold: Path, before: Path | None, tell: Callable[[Asking], None]) -> Kept:
        from rag.evaluate import compare, evaluate, read_earlier

        earlier = read_earlier(before) if before else None
        done = 0

        def move(number: int, total: int, question: str) -> None:
            nonlocal done
            done = number
            tell(Asking(number, total, question))
            if self._stop.is_set() and number < total:
                raise _StoppedError

        home, llm = self._engine.home, self._engine.llm_name
        try:
            evaluation = evaluate(
                self._engine, gold, move, runs_folder(home) / _ANSWERS, {"llm": llm}
            )
        except _StoppedError:
            raise UsageError(
                f"Stopped after {done:,} questions. Run it again to go on from there."
            ) from None
        comparison = compare(earlier, evaluation) if earlier is not None else None
        return keep_run(home, evaluation, comparison, llm)
