"""What the Evaluation tab shows, as safe HTML: pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import nh3

from ui import text
from ui.evaluating import Asking
from ui.evaluation_runs import Kept
from ui.library_table import select
from ui.render import escape
from ui.report import PAGE, RESULTS, SUMMARY

_GOOD = {"right", "rightly refused"}
_MOST_FAILURES = 100
_LONGEST = 300  # characters of an answer or a quote
_TAGS = set(
    "div section p h3 h4 ul li a table thead tbody tr th td button iframe progress strong".split()
)
_SHARED = {"class", "dir", "role", "aria-label", "title", "tabindex", "id"}
_ATTRIBUTES = dict.fromkeys(_TAGS, _SHARED) | {
    "a": _SHARED | {"href", "target", "rel", "download"},
    "button": _SHARED | {"type", "data-act", "data-run"},
    "iframe": _SHARED | {"src", "sandbox", "loading"},
    "progress": _SHARED | {"value", "max"},
    "th": _SHARED | {"scope"},
}


def form_html(golds: Sequence[str], runs: Sequence[Kept], gold: str = "") -> str:
    """The choice of a gold file and of a run to compare with; plain elements."""
    files = [(name, text.excerpt(name, 80)) for name in golds]
    earlier = [("", "no earlier run"), *((run.name, _run_name(run)) for run in runs)]
    return (
        '<form class="dl-filters" aria-label="Evaluation">'
        + select("gold", "Gold file", files, gold)
        + select("earlier", "Compare with", earlier, "")
        + '<button class="dl-go">Run</button></form>'
    )


def asking_html(asking: Asking | None) -> str:
    """How far a run is."""
    if asking is None:
        words, bar = "Reading the gold file …", "<progress></progress>"
    else:
        words = f"{asking.done:,} of {text.count(asking.total, 'question')}"
        share = asking.done / max(asking.total, 1)
        bar = f'<progress max="1" value="{share:.3f}" aria-label="Questions asked"></progress>'
    last = escape(text.excerpt(asking.question, 160)) if asking else ""
    return _gated(
        f'<div class="dl-running"><p role="status">{words}</p>{bar}'
        f'<p class="dl-small" dir="auto">{last}</p></div>'
    )


def run_html(run: Kept, results: Mapping[str, Any]) -> str:
    """One run: what came of it, its report and its failures with links to what was cited."""
    return _gated(
        f'<section class="dl-run" aria-label="Report"><h3 tabindex="-1">{escape(_run_name(run))}'
        f"</h3><p>{escape(text.line(run.told))}</p>{_downloads(run)}"
        f'<iframe class="dl-report" src="{_address(run, PAGE)}" sandbox="" loading="lazy" '
        f'title="Report of {escape(_run_name(run))}"></iframe>{_failures(results)}</section>'
    )


def runs_html(runs: Sequence[Kept]) -> str:
    """The runs that are kept, each with a button that shows it."""
    if not runs:
        return '<p class="dl-nothing">No evaluation yet: choose a gold file and run it.</p>'
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{escape(_run_name(run))}</th>'
        f'<td dir="auto">{escape(text.excerpt(run.told, 200))}</td>'
        f'<td><button type="button" data-act="select" data-run="{escape(run.name)}" '
        f'aria-label="Show {escape(_run_name(run))}">Show</button></td></tr>'
        for run in runs
    )
    return _gated(f'<h3>Earlier runs</h3><table class="dl-runs"><tbody>{rows}</tbody></table>')


def _gated(markup: str) -> str:
    return nh3.clean(markup, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


def _run_name(run: Kept) -> str:
    date, time, *again = run.name.split("-")
    day = text.day(f"{date[:4]}-{date[4:6]}-{date[6:]}")
    clock = ":".join((time[:2], time[2:4], time[4:]))
    number = f" ({int(again[0])})" if again else ""
    return f"{text.line(run.gold)}, {day} {clock} UTC{number}, {run.llm}"


def _address(run: Kept, name: str) -> str:
    return f"/evaluation/{escape(run.name)}/{name}"


def _downloads(run: Kept) -> str:
    links = [
        f'<a href="{_address(run, PAGE)}" target="_blank" rel="noopener noreferrer">'
        "Open the report</a>"
    ]
    links += [
        f'<a href="{_address(run, name)}" download="{escape(run.name)}-{name}">{words}</a>'
        for name, words in (
            (PAGE, "Download it"),
            (SUMMARY, "Summary (Markdown)"),
            (RESULTS, "Results (JSON)"),
        )
    ]
    return f'<p class="dl-downloads">{" · ".join(links)}</p>'


def _failures(results: Mapping[str, Any]) -> str:
    asked = results["results"]
    bad = [each for each in asked if each["verdict"] not in _GOOD]
    if not bad:
        return "<h4>Every question came out right.</h4>"
    rows = "".join(map(_failure, bad[:_MOST_FAILURES]))
    more = len(bad) - _MOST_FAILURES
    rest = f'<p class="dl-small">and {more:,} more, in the report</p>' if more > 0 else ""
    return (
        f"<h4>To look into: {len(bad):,} of {len(asked):,}</h4>"
        f'<ul class="dl-failures">{rows}</ul>{rest}'
    )


def _failure(each: Mapping[str, Any]) -> str:
    expected = " or ".join(each["answers"]) or "the articles do not say"
    got = each["error"] or each["text"] or "nothing"
    links = ", ".join(_cited(cited) for cited in each["citations"][:8])
    told = [
        f'<p dir="auto"><strong>{escape(text.line(each["question"]))}</strong></p>',
        f'<p class="dl-verdict">{escape(each["verdict"])}</p>',
        f'<p dir="auto">Expected: {escape(text.excerpt(expected, _LONGEST))}</p>',
        f'<p dir="auto">Got: {escape(text.excerpt(got, _LONGEST))}</p>',
        f"<p>Cited: {links}</p>" if links else "",
    ]
    return f"<li>{''.join(told)}</li>"


def _cited(cited: Mapping[str, Any]) -> str:
    article = quote(str(cited["article"]), safe="", errors="replace")
    address = f"/article/{article}?start={int(cited['start'])}&end={int(cited['end'])}#cite"
    name = text.line(cited["source"].rpartition("/")[2])
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer" '
        f'title="{escape(text.excerpt(cited["quote"], _LONGEST))}">{escape(name)}</a>'
    )
