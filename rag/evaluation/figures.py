"""The figures: what each is called, what it means, and its value with an interval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.evaluation import statistics
from rag.evaluation.score import DEPTH, HIT_DEPTHS, Pair
from rag.evaluation.statistics import Estimate


@dataclass(frozen=True, slots=True)
class Spec:
    """What a figure is. `estimate` makes it from the questions' scores; one that is `judged` has
    no value without a judge.
    """

    name: str
    label: str
    group: str
    meaning: str
    estimate: Estimate = statistics.ratio
    lower_is_better: bool = False
    unit: str = ""  # "s" for seconds; empty for a share or a measure from 0 to 1
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95% bootstrap interval. `n` questions count towards it; `value` is None
    when none does, `low` and `high` are None when there are fewer than two.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int


def _rankings(prefix: str, group: str, thing: str) -> Iterable[Spec]:
    for depth in HIT_DEPTHS:
        meaning = f"Questions with {thing} among the first {depth}."
        yield Spec(f"{prefix}hit@{depth}", f"Hit@{depth}", group, meaning)
    reciprocal = f"Mean of 1 / rank of {thing}, the first one; 0 below rank {DEPTH}."
    yield Spec(f"{prefix}mrr@{DEPTH}", f"MRR@{DEPTH}", group, reciprocal)
    gain = f"Ranking down to {DEPTH} by normalised discounted cumulative gain of {thing}."
    yield Spec(f"{prefix}ndcg@{DEPTH}", f"nDCG@{DEPTH}", group, gain)


_PASSAGES, _ARTICLES = "Retrieval, by passage", "Retrieval, by article"
_ANSWERS, _CITATIONS, _REFUSALS = "Answer", "Citations", "Refusal"
_CONFIDENCE, _TIME = "Confidence", "Time"

SPECS: tuple[Spec, ...] = (
    Spec(
        "correct",
        "Right in all",
        _ANSWERS,
        "Questions answered with an accepted answer, or refused where the articles do not say.",
    ),
    Spec(
        "answer",
        "Accepted answer given",
        _ANSWERS,
        "Answerable questions whose answer's text holds an accepted answer, for lists all of them.",
    ),
    Spec(
        "all_answers",
        "Answers of a list",
        _ANSWERS,
        "Of questions that want every answer, the share of the answers that the text holds.",
    ),
    Spec(
        "em",
        "SQuAD EM",
        _ANSWERS,
        "Short answers that equal an accepted one; a refusal is right where there is none.",
    ),
    Spec(
        "f1",
        "SQuAD F1",
        _ANSWERS,
        "Overlap of the short answer's words with an accepted one; refusals as in SQuAD EM.",
    ),
    Spec("em_answerable", "EM, answerable", _ANSWERS, "SQuAD EM of answerable questions only."),
    Spec("f1_answerable", "F1, answerable", _ANSWERS, "SQuAD F1 of answerable questions only."),
    Spec(
        "citation_recall",
        "Citation recall",
        _CITATIONS,
        "Answerable questions with a citation that shares characters with gold evidence.",
    ),
    Spec(
        "evidence_recall",
        "Evidence recall",
        _CITATIONS,
        "Pieces of gold evidence that a citation shares characters with.",
    ),
    Spec(
        "citation_precision",
        "Citation precision",
        _CITATIONS,
        "Citations under answerable questions that share characters with gold evidence. Gold "
        "seldom lists all that would do, so this is a lower bound.",
    ),
    Spec(
        "judged_citation_recall",
        "Judged citation recall",
        _CITATIONS,
        "Sentences that the quotes they cite support in full, as the judge sees it; the mean over "
        "judged answers (ALCE).",
        judged=True,
    ),
    Spec(
        "judged_citation_precision",
        "Judged citation precision",
        _CITATIONS,
        "Citations that a sentence which the judge finds supported needs, or that support it "
        "alone; the mean over judged answers (ALCE).",
        judged=True,
    ),
    Spec(
        "refusal_precision",
        "Refusal precision",
        _REFUSALS,
        "Refusals that are right: the articles do not say.",
    ),
    Spec(
        "refusal_recall",
        "Unanswerable refused",
        _REFUSALS,
        "Refusal recall: unanswerable questions that are refused.",
    ),
    Spec(
        "answerable_refused",
        "Answerable refused",
        _REFUSALS,
        "Answerable questions that are refused.",
        lower_is_better=True,
    ),
    *_rankings("", _PASSAGES, "a passage that overlaps gold evidence"),
    *_rankings("article_", _ARTICLES, "an article of the gold evidence"),
    Spec(
        "ece",
        "Calibration error",
        _CONFIDENCE,
        "Expected calibration error over ten bins: how far the confidence of answers is from how "
        "often they are right.",
        statistics.calibration_error,
        lower_is_better=True,
    ),
    Spec(
        "answerable_auc",
        "Answerability AUC",
        _CONFIDENCE,
        "How probable it is that an answerable question has more confidence than another one.",
        statistics.auc,
    ),
    Spec(
        "seconds_p50",
        "Median time",
        _TIME,
        "Half of the answers took no longer.",
        statistics.median,
        lower_is_better=True,
        unit="s",
    ),
    Spec(
        "seconds_p95",
        "95th percentile of time",
        _TIME,
        "19 of 20 answers took no longer.",
        statistics.p95,
        lower_is_better=True,
        unit="s",
    ),
)
BY_NAME: Mapping[str, Spec] = {spec.name: spec for spec in SPECS}


def figure(spec: Spec, pairs: Sequence[Pair]) -> Figure:
    """One figure from the scores of the questions that count towards it."""
    if not pairs:
        return Figure(spec.name, None, None, None, 0)
    top, bottom = np.array(pairs, dtype=np.float64).T
    value = float(spec.estimate(top, bottom))
    if np.isnan(value):  # such as an AUC without an unanswerable question
        return Figure(spec.name, None, None, None, len(pairs))
    low, high = statistics.interval(spec.estimate, top, bottom)
    return Figure(spec.name, _rounded(value), _rounded(low), _rounded(high), len(pairs))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def table(scores: Sequence[Mapping[str, Pair]]) -> dict[str, Figure]:
    """Every figure of some questions, by name, in the order of SPECS."""
    figures = {}
    for spec in SPECS:
        pairs = [each[spec.name] for each in scores if spec.name in each]
        figures[spec.name] = figure(spec, pairs)
    return figures
