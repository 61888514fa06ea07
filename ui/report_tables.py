"""The small tables of an evaluation, for terminal, page and summary alike: rows of plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.evaluate import Evaluation
from ui.report_words import amount_words, interval_words, seconds_words


@dataclass(frozen=True, slots=True)
class Table:
    """Rows whose first cell is a name; `note` says what the columns mean."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str


def tables(evaluation: Evaluation) -> Iterator[Table]:
    """Each table that there is something to put in."""
    if evaluation.stages:
        yield _times(evaluation)
    if evaluation.spending:
        yield _spending(evaluation)


def _times(evaluation: Evaluation) -> Table:
    whole = ("whole answer", evaluation.figures["seconds_p50"], evaluation.figures["seconds_p95"])
    stages = [(stage.name, stage.p50, stage.p95) for stage in evaluation.stages]
    rows = [
        (
            name,
            seconds_words(p50.value),
            interval_words(p50),
            seconds_words(p95.value),
            interval_words(p95),
            f"{p50.n:,}",
        )
        for name, p50, p95 in [*stages, whole]
        if p50.value is not None and p95.value is not None
    ]
    heads = ("Stage", "p50", "95% interval", "p95", "95% interval", "n")
    return Table("Time by stage", heads, rows, "n: answers and refusals, without failures.")


def _spending(evaluation: Evaluation) -> Table:
    rows = [
        (
            f"{each.who}: {each.amount}",
            amount_words(each.total),
            amount_words(each.p50.value or 0.0),
            amount_words(each.p95.value or 0.0),
            f"{each.n:,}",
        )
        for each in evaluation.spending
    ]
    note = "n: questions for which the provider tells it. Cost is in the provider's currency."
    return Table("Tokens and cost", ("", "Total", "p50", "p95", "n"), rows, note)
