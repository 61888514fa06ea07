"""An evaluation in words: figures as people read them, and a Markdown summary for pull requests."""

import re
from collections.abc import Iterator

from rag.evaluate import BY_NAME, Comparison, Evaluation, Figure
from rag.evaluation.compare import Change
from rag.evaluation.statistics import Difference
from ui import text

_MOST_CHANGES = 20  # questions that a summary lists each way; the page lists them all
_SURE = 0.05  # a difference less likely than this by chance is marked
_ACTIVE = re.compile(r"[\\`*_{}\[\]<>|~&$@^#]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_NONE = "–"


def value_words(figure: Figure) -> str:
    """A figure's value, "0.933" or "48 ms"; a dash when nothing counts towards it."""
    return number_words(figure.name, figure.value)


def interval_words(figure: Figure) -> str:
    """A figure's 95% interval, "0.876 to 0.981"."""
    return _range(figure.name, figure.low, figure.high)


def number_words(name: str, value: float | None) -> str:
    """A value of the figure of this name."""
    if value is None:
        return _NONE
    return seconds_words(value) if _in_seconds(name) else f"{value:.3f}"


def seconds_words(value: float) -> str:
    """A time, "4.8 ms", "48 ms" or "1.25 s"."""
    if abs(value) >= 1:
        return f"{value:.2f} s"
    return f"{value * 1000:.0f} ms" if abs(value) >= 0.01 else f"{value * 1000:.1f} ms"


def difference_words(name: str, difference: Difference) -> tuple[str, str, str]:
    """A difference, its interval and its p, each in words."""
    sign = "+" if difference.value > 0 else ""
    return (
        sign + number_words(name, difference.value),
        _range(name, difference.low, difference.high),
        f"{difference.p:.3f}" if difference.p >= 0.001 else "< 0.001",
    )


def better(name: str, difference: Difference) -> bool | None:
    """Whether a difference is for the better; None when chance may well have made it."""
    if difference.p >= _SURE or not difference.value:
        return None
    return (difference.value < 0) == BY_NAME[name].lower_is_better


def headline(evaluation: Evaluation) -> str:
    """What was asked of what, in one line."""
    asked = text.count(len(evaluation.results), "question")
    over = text.count(evaluation.articles, "article")
    by = ", ".join(text.line(name) for name in evaluation.engines)
    return f"{asked} from {text.line(evaluation.gold)} over {over}" + (f", {by}" if by else "")


def cautions(evaluation: Evaluation) -> list[str]:
    """Everything that a reader of the figures must know, one line each."""
    failed = evaluation.failed
    found = [*evaluation.warnings]
    if failed:
        asked = text.count(len(evaluation.results), "question")
        first = failed[0].outcome.error
        found.append(f"{len(failed):,} of {asked} failed and count as wrong; the first: {first}")
    if evaluation.problems:
        lines = "entry" if len(evaluation.problems) == 1 else "entries"
        found.append(f"{len(evaluation.problems):,} {lines} of the gold file could not be used.")
    return [text.line(each) for each in found]


def markdown(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """The evaluation as Markdown, fit for a comment on a pull request."""
    parts = ["## Evaluation", _inert(headline(evaluation)) + "."]
    parts += [f"> {_inert(each)}" for each in cautions(evaluation)]
    parts.append("\n".join(_table(evaluation, comparison)))
    if comparison is not None:
        parts += _changes(comparison)
    return "\n\n".join(parts) + "\n"


def _table(evaluation: Evaluation, comparison: Comparison | None) -> Iterator[str]:
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
                words = difference_words(name, difference) if difference else (_NONE,) * 3
                sure = difference is not None and better(name, difference) is not None
                cells += [f"**{words[0]}**" if sure else words[0], *words[1:]]
            yield _row(cells)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _changes(comparison: Comparison) -> Iterator[str]:
    shared = text.count(comparison.shared, "question")
    yield f"Compared with an earlier run over {shared}; bold where p < {_SURE}."
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
    before, after = (_inert(text.excerpt(words)) for words in (change.earlier, change.later))
    return (
        f"- {_inert(change.id)}: {_inert(change.question)}  \n  before: {before}  \n  now: {after}"
    )


def _range(name: str, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return _NONE
    return f"{number_words(name, low)} to {number_words(name, high)}"


def _in_seconds(name: str) -> bool:
    spec = BY_NAME.get(name)
    return spec is None or spec.unit == "s"  # stages have no spec, and are times


def _inert(words: str) -> str:
    """`words` on one line, every character that Markdown would act on as its number."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", text.line(words))
