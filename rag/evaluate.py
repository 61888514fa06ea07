"""Measure the answers over a home against gold: ask every question, score, and say how sure.

from rag.evaluate import evaluate

evaluation = evaluate(engine, "samples/gold.jsonl")
print(evaluation.figures["answer"].value)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from rag.evaluation import curves, statistics
from rag.evaluation.ask import Outcome, ask
from rag.evaluation.compare import Comparison, compare, read_earlier
from rag.evaluation.figures import BY_NAME, SPECS, Figure, Spec, figure, table
from rag.evaluation.gold import Gold, read_gold
from rag.evaluation.items import GoldItem
from rag.evaluation.judged import Judgement, fits, judge_outcome
from rag.evaluation.kept import Kept, run_key
from rag.evaluation.locate import Located, Locator, lacking, warnings
from rag.evaluation.results import Evaluation, Result, Stage
from rag.evaluation.score import score, supported
from rag.evaluation.spending import Spending, spending
from rag.judge import Judge, open_judge

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

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
    judge: "str | LLM | None" = None,
) -> Evaluation:
    """Ask every question of a gold file and score the answers.

    `resume` names a file that keeps the outcomes while the run lasts: an interrupted run with the
    same gold, articles, `settings` (such as the model's spec) and program goes on where it
    stopped, and questions that failed are asked again. It is deleted when nothing failed.
    `judge`, a spec (see rag/llms/open.py) or a LlamaIndex LLM, says which sentences their citations
    support.

    A question that the engine fails on (DatelineError) counts as failed, one that the judge fails
    on as not judged, and the run goes on. Raises UsageError when the gold file cannot be used or
    the home holds no articles, and LLMError when the judge cannot be used at all.
    """
    gold = read_gold(gold_path)
    rows = engine.articles()
    if not rows:
        raise UsageError("There are no articles to ask yet. Add some with: dateline ingest FOLDER")
    judging = open_judge(judge) if judge is not None else None
    locator = Locator(engine)
    located = [[locator.locate(each) for each in item.evidence] for item in gold.items]
    key = run_key(gold.digest, engine, settings or {})
    name = judging.name if judging else None
    with Kept(Path(resume) if resume is not None else None, key, name) as kept:
        runs = _ask_all(engine, gold.items, kept, on_progress, judging)
        if not any(outcome.error or (judged and judged.error) for outcome, judged in runs):
            kept.finish()
    results = [
        _result(item, pieces, outcome, judged)
        for item, pieces, (outcome, judged) in zip(gold.items, located, runs, strict=True)
    ]
    facts = _Facts(Path(gold_path).name, gold, len(rows), settings or {}, name)
    return _evaluation(facts, located, results)


def _ask_all(
    engine: "QueryEngine",
    items: Sequence[GoldItem],
    kept: Kept,
    on_progress: Progress | None,
    judge: Judge | None,
) -> list[tuple[Outcome, Judgement | None]]:
    runs = []
    for done, item in enumerate(items, start=1):
        outcome = kept.outcomes.get(item.id)
        if outcome is None:
            outcome = ask(engine, item)
            kept.add(outcome)
        runs.append((outcome, _judged(judge, item, outcome, kept)))
        if on_progress:
            on_progress(done, len(items), item.question)
    return runs


def _result(
    item: GoldItem, pieces: Sequence[Located], outcome: Outcome, judged: Judgement | None
) -> Result:
    scores = score(item, pieces, outcome, judged)
    return Result(item, outcome, supported(pieces, outcome), scores, judged)


def _judged(judge: Judge | None, item: GoldItem, outcome: Outcome, kept: Kept) -> Judgement | None:
    """The judgement of one answer: the one kept, else a new one."""
    if judge is None:
        return None
    found = kept.judgements.get(outcome.id)
    if found is None or not fits(found, outcome):
        found = judge_outcome(judge, item.question, outcome)
        if found is not None:
            kept.add_judgement(found)
    return found


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a run is of: the gold file, how many articles, the settings, the judge's name."""

    name: str
    gold: Gold
    articles: int
    settings: Mapping[str, str | None]
    judge: str | None


def _evaluation(
    facts: _Facts, located: Sequence[Sequence[Located]], results: Sequence[Result]
) -> Evaluation:
    answers = [result.scores["ece"] for result in results if "ece" in result.scores]
    kinds = dict.fromkeys(result.item.kind for result in results)
    return Evaluation(
        gold=facts.name,
        digest=facts.gold.digest,
        articles=facts.articles,
        settings=facts.settings,
        engines=tuple(dict.fromkeys(r.outcome.engine for r in results if r.outcome.engine)),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        problems=facts.gold.problems,
        warnings=warnings(facts.gold.items, located),
        lacking=lacking(located),
        results=tuple(results),
        figures=table([result.scores for result in results]),
        kinds={
            kind: table([each.scores for each in results if each.item.kind == kind])
            for kind in kinds
        },
        stages=_stages(results),
        risk_coverage=curves.risk_coverage(answers, len(results)),
        calibration=curves.calibration(answers),
        judge=facts.judge,
        spending=tuple(_spending(results)),
    )


def _spending(results: Sequence[Result]) -> Iterator[Spending]:
    judged = (each.judgement for each in results)
    yield from spending("answers", [each.outcome.usage for each in results])
    yield from spending("judge", [each.usage if each else None for each in judged])


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
