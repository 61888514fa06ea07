"""Measure the answers over a home against gold: ask every question, score, and say how sure.

from rag.evaluate import evaluate

evaluation = evaluate(engine, "samples/gold.jsonl")
print(evaluation.figures["answer"].value)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from rag.evaluation import curves, statistics
from rag.evaluation.ask import Outcome, ask
from rag.evaluation.compare import Comparison, compare, read_earlier
from rag.evaluation.figures import BY_NAME, SPECS, Figure, Spec, figure, table
from rag.evaluation.gold import Gold, GoldItem, read_gold
from rag.evaluation.kept import Kept, run_key
from rag.evaluation.locate import Located, Locator, warnings
from rag.evaluation.results import Evaluation, Result, Stage
from rag.evaluation.score import score, supported

if TYPE_CHECKING:
    from rag.engine import QueryEngine

__all__ = [
    "BY_NAME",
    "SPECS",
    "Comparison",
    "Evaluation",
    "Figure",
    "Result",
    "Spec",
    "compare",
    "evaluate",
    "read_earlier",
]

Progress = Callable[[int, int, str], None]  # questions done, in all, the question taken last


def evaluate(
    engine: "QueryEngine",
    gold_path: str | Path,
    on_progress: Progress | None = None,
    resume: str | Path | None = None,
    settings: Mapping[str, str | None] | None = None,
) -> Evaluation:
    """Ask every question of a gold file and score the answers.

    `resume` names a file that keeps the outcomes while the run lasts: an interrupted run with the
    same gold, articles, `settings` (such as the model's spec) and program goes on where it
    stopped, and questions that failed are asked again. It is deleted when nothing failed.

    A question that the engine fails on (DatelineError) counts as failed and the run goes on.
    Raises UsageError when the gold file cannot be used or the home holds no articles.
    """
    gold = read_gold(gold_path)
    rows = engine.articles()
    if not rows:
        raise UsageError("There are no articles to ask yet. Add some with: dateline ingest FOLDER")
    locator = Locator(engine)
    located = [[locator.locate(each) for each in item.evidence] for item in gold.items]
    key = run_key(gold.digest, engine, settings or {})
    with Kept(Path(resume) if resume is not None else None, key) as kept:
        outcomes = _ask_all(engine, gold.items, kept, on_progress)
        if all(outcome.error is None for outcome in outcomes):
            kept.finish()
    results = [
        Result(item, outcome, supported(pieces, outcome), score(item, pieces, outcome))
        for item, pieces, outcome in zip(gold.items, located, outcomes, strict=True)
    ]
    return _evaluation(Path(gold_path).name, gold, located, results, len(rows), settings or {})


def _ask_all(
    engine: "QueryEngine", items: Sequence[GoldItem], kept: Kept, on_progress: Progress | None
) -> list[Outcome]:
    outcomes = []
    for done, item in enumerate(items, start=1):
        outcome = kept.outcomes.get(item.id)
        if outcome is None:
            outcome = ask(engine, item)
            kept.add(outcome)
        outcomes.append(outcome)
        if on_progress:
            on_progress(done, len(items), item.question)
    return outcomes


def _evaluation(
    name: str,
    gold: Gold,
    located: Iterable[Sequence[Located]],
    results: Sequence[Result],
    articles: int,
    settings: Mapping[str, str | None],
) -> Evaluation:
    answers = [result.scores["ece"] for result in results if "ece" in result.scores]
    kinds = dict.fromkeys(result.item.kind for result in results)
    return Evaluation(
        gold=name,
        digest=gold.digest,
        articles=articles,
        settings=settings,
        engines=tuple(dict.fromkeys(r.outcome.engine for r in results if r.outcome.engine)),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        problems=gold.problems,
        warnings=warnings(gold.items, located),
        results=tuple(results),
        figures=table([result.scores for result in results]),
        kinds={
            kind: table([each.scores for each in results if each.item.kind == kind])
            for kind in kinds
        },
        stages=_stages(results),
        risk_coverage=curves.risk_coverage(answers, len(results)),
        calibration=curves.calibration(answers),
    )


def _stages(results: Sequence[Result]) -> tuple[Stage, ...]:
    """The time of each stage, in the order in which answers first go through them."""
    timings = [result.outcome.timings or {} for result in results]
    names = dict.fromkeys(name for each in timings for name in each)
    stages = []
    for name in names:
        pairs = [(each[name], 1.0) for each in timings if name in each]
        p50 = Spec("p50", name, "", "", statistics.median)
        p95 = Spec("p95", name, "", "", statistics.p95)
        stages.append(Stage(name, figure(p50, pairs), figure(p95, pairs)))
    return tuple(stages)
