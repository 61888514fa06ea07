"""The plots of an evaluation: which numbers go into which drawing, and in which words."""

from collections.abc import Iterator

from rag.evaluate import BY_NAME, Evaluation
from ui import plots, text
from ui.plots import Dot, Row
from ui.report_words import interval_words, seconds_words, value_words

_BY_KIND = ("correct", "citation_recall", "hit@5")
_MOST_KINDS = 16  # rows of a plot; the table below shows them all


def drawings(evaluation: Evaluation) -> Iterator[tuple[str, str, str]]:
    """Title, explanation and SVG of every plot that there is something to draw in."""
    for name in _BY_KIND:
        rows = _kind_rows(evaluation, name)
        if rows:
            spec = BY_NAME[name]
            told = f"{spec.meaning} Lines: 95% interval."
            yield f"{spec.label}, by kind", told, plots.bars(spec.label, rows)
    if evaluation.risk_coverage:
        yield (
            "Risk and coverage",
            "Answering only the most confident questions: the share of all questions that gets an "
            "answer, and the share of those answers that is wrong. It ends at today's coverage.",
            _risk(evaluation),
        )
    if evaluation.calibration:
        ece = evaluation.figures["ece"]
        yield (
            "Calibration",
            "How often answers of a like confidence are right. On the line, confidence is what it "
            "says; above it, answers are better than it says. Larger dots stand for more answers. "
            f"Expected calibration error: {value_words(ece)} ({interval_words(ece)}).",
            _calibration(evaluation),
        )
    if evaluation.stages:
        rows = _time_rows(evaluation)
        most = max((row.high or row.value for row in rows), default=0.0) or 1.0
        told = "Bars: the median. Lines: up to the 95th percentile."
        yield "Time of an answer, by stage", told, plots.bars("Time by stage", rows, most)


def _kind_rows(evaluation: Evaluation, name: str) -> list[Row]:
    rows = []
    for kind, figures in evaluation.kinds.items():
        figure = figures[name]
        if figure.value is not None:
            kind = text.line(kind)
            detail = f"{kind}: {value_words(figure)} ({interval_words(figure)}), n = {figure.n:,}"
            words = f"{figure.value:.2f} n={figure.n:,}"
            rows.append(Row(kind, figure.value, figure.low, figure.high, words, detail))
    return rows[:_MOST_KINDS]


def _risk(evaluation: Evaluation) -> str:
    dots = [
        Dot(
            point.coverage,
            point.risk,
            f"confidence {point.confidence:.2f} or more: {point.coverage:.0%} answered, "
            f"{point.risk:.0%} of them wrong",
        )
        for point in evaluation.risk_coverage
    ]
    return plots.curve("Risk and coverage", dots, "answered, of all questions", "wrong, of answers")


def _calibration(evaluation: Evaluation) -> str:
    total = sum(each.n for each in evaluation.calibration)
    dots = [
        Dot(
            each.confidence,
            each.correct,
            f"confidence {each.low:.1f} to {each.high:.1f}: {each.correct:.0%} of "
            f"{text.count(each.n, 'answer')} right, mean confidence {each.confidence:.2f}",
            each.n / total,
        )
        for each in evaluation.calibration
        if each.confidence is not None and each.correct is not None
    ]
    return plots.reliability("Calibration", dots, "confidence", "right")


def _time_rows(evaluation: Evaluation) -> list[Row]:
    whole = (evaluation.figures["seconds_p50"], evaluation.figures["seconds_p95"])
    times = [(stage.name, stage.p50, stage.p95) for stage in evaluation.stages]
    rows = []
    for name, p50, p95 in [*times, ("whole answer", *whole)]:
        if p50.value is not None and p95.value is not None:
            words = f"{seconds_words(p50.value)} / {seconds_words(p95.value)}"
            detail = (
                f"{text.line(name)}: half within {seconds_words(p50.value)} "
                f"({interval_words(p50)}), 95% within {seconds_words(p95.value)} "
                f"({interval_words(p95)}), n = {p50.n:,}"
            )
            rows.append(Row(text.line(name), p50.value, p50.value, p95.value, words, detail))
    return rows
