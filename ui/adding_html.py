"""What becomes of the files and addresses being added, as safe HTML: a pure function."""

from collections.abc import Sequence

from ui import text
from ui.adding import Adding
from ui.library_table import gated
from ui.render import escape

_MOST_ROWS = 100


def adding_html(steps: Sequence[Adding]) -> str:
    """A progress bar for each, its outcome, and a line that sums up for screen readers."""
    if not steps:
        return ""
    shown = "".join(_step(each) for each in steps[:_MOST_ROWS])
    more = len(steps) - _MOST_ROWS
    rest = f'<li class="dl-small">and {more:,} more</li>' if more > 0 else ""
    summed = f'<p role="status" class="dl-small">{escape(summary(steps))}</p>'
    return gated(f'{summed}<ul class="dl-adding">{shown}{rest}</ul>')


def summary(steps: Sequence[Adding]) -> str:
    """How far all of it is."""
    done = sum(each.state == "done" for each in steps)
    failed = sum(each.state == "failed" for each in steps)
    if done + failed < len(steps):
        return f"{done + failed:,} of {len(steps):,} done …"
    told = [f"{done:,} taken in"] if done else []
    told += [f"{failed:,} not taken in"] if failed else []
    return ", ".join(told) + "."


def _step(step: Adding) -> str:
    name = escape(text.excerpt(step.name, 90))
    value = "" if step.share is None else f' value="{step.share:.3f}"'
    bar = f'<progress max="1"{value} aria-label="{name}"></progress>'
    return (
        f'<li class="dl-{step.state}"><span dir="auto" class="dl-name">{name}</span>{bar}'
        f'<span class="dl-outcome" dir="auto">{escape(text.excerpt(step.words, 400))}</span></li>'
    )
