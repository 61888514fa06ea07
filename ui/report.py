"""The report of an evaluation: a folder with a page, a Markdown summary and results.json.

The page is complete in itself: no script, no image, no request to anywhere. Its policy allows
exactly one thing, its own style sheet, by hash.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from index.errors import UsageError
from rag.evaluate import BY_NAME, Comparison, Evaluation, Figure, Result
from rag.evaluation.compare import said
from ui import text
from ui.render import escape
from ui.report_plots import drawings
from ui.report_tables import Table, tables
from ui.report_words import better, difference_words, interval_words, number_words, value_words
from ui.summary import cautions, headline, markdown

PAGE, SUMMARY, RESULTS, ANSWERS = "report.html", "summary.md", "results.json", "answers.jsonl"
_STYLE = files("ui").joinpath("report.css").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
HEADERS = {
    "Content-Security-Policy": f"{_POLICY}; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LONGEST = 600  # characters of an answer or a quote in the table of failures


def document(evaluation: Evaluation, comparison: Comparison | None = None) -> dict[str, Any]:
    """The evaluation, with its comparison, in plain JSON types."""
    compared = {"comparison": comparison.to_dict()} if comparison else {}
    return evaluation.to_dict() | compared


def write_report(
    folder: Path, evaluation: Evaluation, comparison: Comparison | None = None
) -> Path:
    """Write the three files into `folder`, which is made; returns the page's path.

    Raises UsageError when they cannot be written.
    """
    contents = {
        RESULTS: json.dumps(document(evaluation, comparison), indent=1) + "\n",
        SUMMARY: markdown(evaluation, comparison),
        PAGE: report_html(evaluation, comparison),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, words in contents.items():
            (folder / name).write_text(words, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"The report cannot be written to {folder}: {error.strerror}. Choose another folder."
        ) from error
    return folder / PAGE


def report_html(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """The page: figures with intervals, plots, what changed, and every failure."""
    made = f"{text.day(evaluation.made_at[:10])}, {evaluation.made_at[11:16]} UTC"
    body = (
        f"<header><h1>Evaluation</h1><p>{escape(headline(evaluation))}</p>"
        f"<p>{escape(made)}</p></header>"
        + "".join(f'<p class="caution">{escape(each)}</p>' for each in cautions(evaluation))
        + _plots(evaluation)
        + _figures(evaluation, comparison)
        + "".join(_small(table) for table in tables(evaluation))
        + (_changes(comparison) if comparison else "")
        + _failures(evaluation.results)
        + _rejected(evaluation)
        + _kinds(evaluation)
        + _problems(evaluation.problems)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Evaluation of {escape(text.line(evaluation.gold))}</title>"
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def _figures(evaluation: Evaluation, comparison: Comparison | None) -> str:
    heads = ["Figure", "Value", "95% interval", "n"]
    heads += ["Change", "95% interval", "p"] if comparison else []
    shown = [figure for figure in evaluation.figures.values() if figure.n]
    rows = []
    for group, figures in groupby(shown, key=lambda figure: BY_NAME[figure.name].group):
        rows.append(f'<tr class="group"><th colspan="{len(heads)}">{escape(group)}</th></tr>')
        rows += [_figure(figure, comparison) for figure in figures]
    head = "".join(f"<th>{each}</th>" for each in heads)
    return _section(
        "Figures",
        f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody>'
        "</table><p>n: questions that count towards the figure. Intervals are 95% bootstrap "
        "intervals over questions; where all questions score the same they have no width.</p>",
    )


def _figure(figure: Figure, comparison: Comparison | None) -> str:
    spec = BY_NAME[figure.name]
    cells = [value_words(figure), interval_words(figure), f"{figure.n:,}"]
    mark = ""
    if comparison:
        difference = comparison.differences.get(figure.name)
        cells += difference_words(figure.name, difference) if difference else ("–",) * 3
        sure = better(figure.name, difference) if difference else None
        mark = {True: ' class="better"', False: ' class="worse"', None: ""}[sure]
    numbers = "".join(f"<td>{escape(each)}</td>" for each in cells)
    name = f"{escape(spec.label)}<p><code>{escape(spec.name)}</code> {escape(spec.meaning)}</p>"
    return f'<tr{mark}><th scope="row">{name}</th>{numbers}</tr>'


def _small(table: Table) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in table.heads)
    rows = "".join(
        f'<tr><th scope="row">{escape(text.line(name))}</th>'
        + "".join(f"<td>{escape(each)}</td>" for each in cells)
        + "</tr>"
        for name, *cells in table.rows
    )
    return _section(
        table.title,
        f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"<p>{escape(table.note)}</p>",
    )


def _plots(evaluation: Evaluation) -> str:
    cards = "".join(
        f"<figure><h3>{escape(title)}</h3>{drawing}<figcaption>{escape(told)}</figcaption></figure>"
        for title, told, drawing in drawings(evaluation)
    )
    return _section("Plots", f'<div class="plots">{cards}</div>') if cards else ""


def _changes(comparison: Comparison) -> str:
    parts = [
        f"<p>{escape(text.count(comparison.shared, 'question'))} in both runs, "
        f"{comparison.only_later:,} only in this one, {comparison.only_earlier:,} only in the "
        "earlier one. p: paired randomisation test.</p>"
    ]
    for title, wanted in (("Better", True), ("Worse", False)):
        changes = [change for change in comparison.changes if change.better is wanted]
        rows = [
            (_asked(change.id, "", change.question), _cut(change.earlier), _cut(change.later))
            for change in changes
        ]
        parts.append(f"<h3>{title}: {len(changes):,}</h3>")
        parts += [_table(("Question", "Before", "Now"), rows)] if rows else []
    return _section("What changed", "".join(parts))


def _failures(results: Sequence[Result]) -> str:
    rows = [
        (
            _asked(result.item.id, result.item.kind, result.item.question),
            "".join(_expected(result)),
            f'<p class="verdict">{escape(result.verdict)}</p>{_cut(said(result))}{_hints(result)}',
            "".join(_cited(result)) or "nothing",
        )
        for result in results
        if not result.good
    ]
    title = f"To look into: {len(rows):,} of {len(results):,}"
    if not rows:
        return _section(title, "<p>Every question came out right.</p>")
    return _section(title, _table(("Question", "Expected", "Got", "Cited"), rows))


def _rejected(evaluation: Evaluation) -> str:
    """The sentences that the judge finds unsupported, with what they cite."""
    rows = []
    for result in evaluation.results:
        quotes = {cited.number: cited for cited in result.outcome.citations}
        for verdict in result.judgement.verdicts if result.judgement else ():
            if not verdict.supported:
                cited = [quotes[number] for number in verdict.citations]
                shown = "".join(_quote(each.quote, _file_name(each.source)) for each in cited)
                asked = _asked(result.item.id, result.item.kind, result.item.question)
                rows.append((asked, _cut(verdict.text), shown or "nothing"))
    if evaluation.judge is None:
        return ""
    title = f"Not supported, says the judge: {text.count(len(rows), 'sentence')}"
    heads = ("Question", "Sentence", "Cited")
    return _section(title, _table(heads, rows) if rows else "<p>Every sentence is supported.</p>")


def _expected(result: Result) -> Iterator[str]:
    if not result.item.answerable:
        yield "<p>The articles do not say.</p>"
        return
    joint = " and " if result.item.all_answers else " or "
    yield f"<p>{escape(text.line(joint.join(result.item.answers)))}</p>"
    for piece in result.item.evidence[:1]:
        yield _quote(piece.quote, piece.article or "")
    more = len(result.item.evidence) - 1
    if more > 0:
        yield f'<p class="small">and {more:,} more</p>'


def _hints(result: Result) -> str:
    """Where to look for the reason: what was retrieved, and how sure the answer was."""
    hints = []
    if "mrr@10" in result.scores:
        share = result.scores["mrr@10"][0]
        found = f"at rank {1 / share:.0f} of" if share else "not among"
        hints.append(f"evidence {found} the passages retrieved")
    if result.outcome.confidence is not None:
        hints.append(f"confidence {result.outcome.confidence:.2f}")
    return f'<p class="small">{escape(", ".join(hints))}</p>' if hints else ""


def _cited(result: Result) -> Iterator[str]:
    for cited, supported in zip(result.outcome.citations, result.supported, strict=True):
        mark = "overlaps gold evidence" if supported else "elsewhere than gold evidence"
        yield _quote(cited.quote, f"{_file_name(cited.source)} ({mark})")


def _file_name(source: str) -> str:
    return source.rpartition("/")[2]


def _kinds(evaluation: Evaluation) -> str:
    kinds = list(evaluation.kinds)
    rows = []
    for name in evaluation.figures:
        cells = [evaluation.kinds[kind][name] for kind in kinds]
        if any(each.value is not None for each in cells):
            shown = "".join(f"<td>{_cell(each)}</td>" for each in cells)
            spec = BY_NAME[name]
            label = f"{spec.label}<p>{spec.group}</p>"
            rows.append(f'<tr><th scope="row">{label}</th>{shown}</tr>')
    head = "".join(f"<th>{escape(text.line(kind))}</th>" for kind in kinds)
    table = f'<table class="figures"><thead><tr><th>Figure</th>{head}</tr></thead>'
    inner = f'<div class="wide">{table}<tbody>{"".join(rows)}</tbody></table></div>'
    return _section(
        "By kind", f"<details><summary>Every figure, by kind</summary>{inner}</details>"
    )


def _cell(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    span = f"{number_words(figure.name, figure.low)}–{number_words(figure.name, figure.high)}"
    shown = span if figure.low is not None else ""
    return f"{escape(value_words(figure))}<p>{escape(shown)} n={figure.n:,}</p>"


def _problems(problems: Sequence[str]) -> str:
    listed = "".join(f"<li>{escape(text.line(each))}</li>" for each in problems)
    return _section("Unusable entries of the gold file", f"<ul>{listed}</ul>") if problems else ""


def _section(title: str, inner: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inner}</section>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are markup already."""
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="cases"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def _asked(identity: str, kind: str, question: str) -> str:
    small = escape(text.line(f"{identity} · {kind}" if kind else identity))
    return f'<p>{escape(text.line(question))}</p><p class="small">{small}</p>'


def _quote(words: str, where: str) -> str:
    quoted = escape(text.excerpt(words, _LONGEST))
    return f'<blockquote>{quoted}<p class="small">{escape(text.line(where))}</p></blockquote>'


def _cut(words: str) -> str:
    return escape(text.excerpt(words, _LONGEST)) or "nothing"
