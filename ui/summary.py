"""An evaluation in few words: what to know first, and a Markdown summary for pull requests."""

from collections.abc import Iterator, Sequence

from rag.evaluate import BY_NAME, Comparison, Evaluation
from rag.evaluation.compare import Change
from ui import text
from ui.render import escape_markdown
from ui.report_tables import Table, tables
from ui.report_words import NONE, SURE, better, difference_words, interval_words, value_words

_MOST_CHANGES = 20  # questions that a summary lists each way; the page lists them all


def headline(evaluation: Evaluation) -> str:
    """What was asked of what, in one line."""
    asked = text.count(len(evaluation.results), "question")
    over = text.count(evaluation.articles, "article")
    by = ", ".join(text.line(name) for name in evaluation.engines)
    told = f"{asked} from {text.line(evaluation.gold)} over {over}" + (f", {by}" if by else "")
    return told + (f", judged by {text.line(evaluation.judge)}" if evaluation.judge else "")


def cautions(evaluation: Evaluation) -> list[str]:
    """Everything that a reader of the figures must know, one line each."""
    failed = evaluation.failed
    found = [*evaluation.warnings]
    if failed:
        asked = text.count(len(evaluation.results), "question")
        first = failed[0].outcome.error
        found.append(f"{len(failed):,} of {asked} failed and count as wrong; the first: {first}")
    if evaluation.judge_failed:
        judged = text.count(len(evaluation.judgements), "answer")
        first = evaluation.judge_failed[0].error
        found.append(
            f"judge failed: {len(evaluation.judge_failed):,} of {judged}, which no judged figure "
            f"counts; the first: {first}"
        )
    if evaluation.problems:
        entries = "entry" if len(evaluation.problems) == 1 else "entries"
        found.append(
            f"{len(evaluation.problems):,} {entries} of the gold file left out of every figure. "
            "Correct what is named, and run it again."
        )
    return [text.line(each) for each in found]


def markdown(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """The evaluation as Markdown, fit for a comment on a pull request."""
    parts = ["## Evaluation", escape_markdown(headline(evaluation)) + "."]
    parts += [f"> {escape_markdown(each)}" for each in cautions(evaluation)]
    parts.append("\n".join(_figures(evaluation, comparison)))
    if comparison is not None:
        parts += _changes(comparison)
    for table in tables(evaluation):
        parts += [f"### {table.title}", "\n".join(_table(table)), table.note]
    return "\n\n".join(parts) + "\n"


def _figures(evaluation: Evaluation, comparison: Comparison | None) -> Iterator[str]:
    heads = ["Figure", "Value", "95% interval", "n"]
    yield _row([*heads, *(["Change", "95% interval", "p"] if comparison else [])])
    yield _row(["---", *["---:"] * (6 if comparison else 3)])
    for name, figure in evaluation.figures.items():
        if figure.n:
            spec = BY_NAME[name]
            label = f"{spec.group}: {spec.label}"
            cells = [label, value_words(figure), interval_words(figure), f"{figure.n:,}"]
            if comparison:
                difference = comparison.differences.get(name)
                words = difference_words(name, difference) if difference else (NONE,) * 3
                sure = difference is not None and better(name, difference) is not None
                cells += [f"**{words[0]}**" if sure else words[0], *words[1:]]
            yield _row(cells)


def _table(table: Table) -> Iterator[str]:
    yield _row(table.heads)
    yield _row(["---", *["---:"] * (len(table.heads) - 1)])
    for name, *numbers in table.rows:
        yield _row([escape_markdown(name), *numbers])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _changes(comparison: Comparison) -> Iterator[str]:
    shared = text.count(comparison.shared, "question")
    yield f"Compared with an earlier run over {shared}; bold where p < {SURE}."
    for title, wanted in (("Better", True), ("Worse", False)):
        changes = [change for change in comparison.changes if change.better is wanted]
        listed = [_change(change) for change in changes[:_MOST_CHANGES]]
        more = len(changes) - len(listed)
        if more > 0:
            listed.append(f"- and {more:,} more")
        yield f"### {title}: {len(changes):,}"
        if listed:
            yield "\n".join(listed)


def _change(change: Change) -> str:
    said = (text.excerpt(change.earlier), text.excerpt(change.later))
    identity, question, before, after = map(escape_markdown, (change.id, change.question, *said))
    return f"- {identity}: {question}  \n  before: {before}  \n  now: {after}"
