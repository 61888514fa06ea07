"""An evaluation as a whole, and as the JSON document that a later run is compared with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rag.evaluation.ask import Outcome
from rag.evaluation.curves import Bin, RiskPoint
from rag.evaluation.figures import Figure
from rag.evaluation.items import GoldItem
from rag.evaluation.judged import Judgement
from rag.evaluation.locate import Lacking
from rag.evaluation.score import Pair
from rag.evaluation.spending import Spending
from rag.llms.usage import Usage

FORMAT = "dateline-eval/1"


@dataclass(frozen=True, slots=True)
class Result:
    """One question, what came of it, which of its citations gold evidence supports, its scores,
    and the judgement where a judge was asked.
    """

    item: GoldItem
    outcome: Outcome
    supported: tuple[bool, ...]
    scores: Mapping[str, Pair]
    judgement: Judgement | None = None

    @property
    def judge(self) -> str | None:
        """The name of the judge, where one judged."""
        return self.judgement.judge if self.judgement is not None else None

    @property
    def verdict(self) -> str:
        """In few words what came of it."""
        if self.outcome.error is not None:
            return "failed"
        if not self.outcome.answered:
            return "refused" if self.item.answerable else "rightly refused"
        if not self.item.answerable:
            return "answered, though the articles do not say"
        if not self.scores["correct"][0]:
            return "wrong or incomplete answer"
        return "right" if self.scores.get("citation_recall", (1.0, 1.0))[0] else "cites other words"

    @property
    def good(self) -> bool:
        """Whether there is nothing to look into."""
        return self.verdict in {"right", "rightly refused"}


@dataclass(frozen=True, slots=True)
class Stage:
    """Seconds that one stage of answering takes, at the median and at the 95th percentile."""

    name: str
    p50: Figure
    p95: Figure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of all questions of a gold file over one home.

    `gold` is the file's name and `digest` recognises its content; `home` counts the articles;
    `settings` are those in force, `engines` what wrote the answers; `made_at` is ISO time in UTC.
    `problems` are lines of the file that could not be used, `warnings` say what the home lacks
    and `lacking` counts it. `figures` are over all questions, `kinds` the same for each kind.
    `judge` names the model that judged; `spending` is what models used up, as far as they tell.
    """

    gold: str
    digest: str
    articles: int
    settings: Mapping[str, str | None]
    engines: tuple[str, ...]
    made_at: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    lacking: Lacking
    results: tuple[Result, ...]
    figures: Mapping[str, Figure]
    kinds: Mapping[str, Mapping[str, Figure]]
    stages: tuple[Stage, ...]
    risk_coverage: tuple[RiskPoint, ...]
    calibration: tuple[Bin, ...]
    judge: str | None = None
    spending: tuple[Spending, ...] = ()

    @property
    def failed(self) -> tuple[Result, ...]:
        """The questions that an error left without an answer."""
        return tuple(result for result in self.results if result.outcome.error is not None)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Of every answer that a judge was asked about, those that failed too."""
        return tuple(each.judgement for each in self.results if each.judgement is not None)

    @property
    def judge_failed(self) -> tuple[Judgement, ...]:
        """The answers that the judge failed on."""
        return tuple(each for each in self.judgements if each.error is not None)

    @property
    def complete(self) -> bool:
        """Whether every entry of the gold file was asked, answered or refused, and judged."""
        return not (self.failed or self.problems or self.judge_failed)

    def to_dict(self) -> dict[str, Any]:
        """The evaluation in plain JSON types, as results.json holds it."""
        return {
            "format": FORMAT,
            "gold": {"file": self.gold, "digest": self.digest},
            "articles": self.articles,
            "settings": dict(self.settings),
            "engines": list(self.engines),
            "made_at": self.made_at,
            "questions": len(self.results),
            "failed": len(self.failed),
            "problems": list(self.problems),
            "warnings": list(self.warnings),
            "evidence": asdict(self.lacking),
            "judge": self.judge,
            "judge_failed": len(self.judge_failed),
            "figures": _plain_figures(self.figures),
            "kinds": {kind: _plain_figures(figures) for kind, figures in self.kinds.items()},
            "stages": [asdict(stage) for stage in self.stages],
            "spending": [asdict(each) for each in self.spending],
            "risk_coverage": [asdict(point) for point in self.risk_coverage],
            "calibration": [asdict(each) for each in self.calibration],
            "results": [_plain_result(result) for result in self.results],
        }


def _plain_figures(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {
        name: {"value": each.value, "low": each.low, "high": each.high, "n": each.n}
        for name, each in figures.items()
    }


def _plain_result(result: Result) -> dict[str, Any]:
    item, outcome = result.item, result.outcome
    return {
        "id": item.id,
        "kind": item.kind,
        "question": item.question,
        "answers": list(item.answers),
        "all_answers": item.all_answers,
        "verdict": result.verdict,
        "answered": outcome.answered,
        "text": outcome.text,
        "short_answer": outcome.short_answer,
        "confidence": outcome.confidence,
        "citations": [
            {
                "number": cited.number,
                "quote": cited.quote,
                "source": cited.source,
                "article": cited.place.article,
                "start": cited.place.start,
                "end": cited.place.end,
                "supported": supported,
            }
            for cited, supported in zip(outcome.citations, result.supported, strict=True)
        ],
        "seconds": outcome.seconds,
        "timings": dict(outcome.timings or {}),
        "error": outcome.error,
        "judged": _plain_judgement(result.judgement),
        "usage": _plain_usage(outcome.usage),
        "scores": {name: list(pair) for name, pair in result.scores.items()},
    }


def _plain_judgement(judgement: Judgement | None) -> dict[str, Any] | None:
    if judgement is None:
        return None
    return {
        "judge": judgement.judge,
        "error": judgement.error,
        "sentences": [
            {
                "text": each.text,
                "supported": each.supported,
                "citations": list(each.citations),
                "counting": list(each.counting),
            }
            for each in judgement.verdicts
        ],
        "usage": _plain_usage(judgement.usage),
    }


def _plain_usage(usage: Usage | None) -> dict[str, Any] | None:
    return asdict(usage) if usage is not None and usage != Usage() else None
