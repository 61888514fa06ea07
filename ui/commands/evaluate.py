"""`dateline eval`: how good the answers are, measured against gold."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import DatelineError
from ui import console
from ui.options import ChromaUrl, Home, Json, Llm, open_engine

if TYPE_CHECKING:
    from rag.engine import QueryEngine
    from rag.evaluate import Comparison, Evaluation

Bounds = dict[str, float]


Gold = Annotated[
    str,
    typer.Argument(
        metavar="GOLD", help="Questions with answers: JSON lines, SQuAD 2.0 JSON or CSV."
    ),
]
Report = Annotated[
    str | None,
    typer.Option(
        "--report",
        metavar="FOLDER",
        help="Write a page, a Markdown summary and results.json there. An interrupted run "
        "with the same folder goes on where it stopped.",
        show_default=False,
    ),
]
Compare = Annotated[
    str | None,
    typer.Option(
        "--compare",
        metavar="FILE",
        help="The results.json of an earlier run: show what became better and worse.",
        show_default=False,
    ),
]
Judge = Annotated[
    str | None,
    typer.Option(
        "--judge",
        metavar="SPEC",
        help="Language model that says which sentences their citations support: openai/MODEL, "
        "ollama/MODEL or http://host:port/v1#MODEL. Key: OPENAI_API_KEY.",
        show_default=False,
    ),
]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-under",
        metavar="FIGURE=FLOOR",
        help="Exit with 1 when a figure is below its floor, as in answer=0.9; repeatable.",
        show_default=False,
    ),
]
FailOver = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-over",
        metavar="FIGURE=CEILING",
        help="The same for figures of which less is better, as in ece=0.05; repeatable.",
        show_default=False,
    ),
]


def evaluate(
    gold: Gold,
    report: Report = None,
    compare: Compare = None,
    fail_under: FailUnder = None,
    fail_over: FailOver = None,
    judge: Judge = None,
    llm: Llm = None,
    home: Home = None,
    chroma_url: ChromaUrl = None,
    as_json: Json = False,
) -> None:
    """Measure the answers against questions with known answers.

    Every figure comes with its 95% interval. A question that fails counts as wrong and the run
    goes on; then, and where the judge fails or a line of the file cannot be used, the exit code
    is 1.
    """
    floors = _bounds(fail_under or (), "--fail-under", lower_is_better=False)
    ceilings = _bounds(fail_over or (), "--fail-over", lower_is_better=True)
    from rag.evaluate import compare as compare_runs
    from rag.evaluate import read_earlier
    from ui.settings import load_settings

    earlier = read_earlier(compare) if compare is not None else None
    folder = Path(report) if report is not None else None
    with open_engine(home, chroma_url, llm) as engine:
        settings = load_settings(home=home, llm=llm, chroma_url=chroma_url)
        named = ("llm", "embedding", "reader", "reranker")
        told = {name: getattr(settings, name) for name in named}
        evaluation = _run(engine, gold, folder, told, judge)
    try:
        comparison = compare_runs(earlier, evaluation) if earlier is not None else None
    except DatelineError:  # no reason to lose what the run found
        _show(evaluation, None, folder, as_json)
        raise
    _show(evaluation, comparison, folder, as_json)
    missed = _missed(evaluation, floors, ceilings)
    for words in missed:
        console.note(f"error: {words}")
    if missed or not evaluation.complete:
        raise typer.Exit(1)


def _run(
    engine: "QueryEngine",
    gold: str,
    folder: Path | None,
    settings: dict[str, str | None],
    judge: str | None,
) -> "Evaluation":
    """Ask all questions, with a progress bar."""
    from rag.evaluate import evaluate as run
    from ui.report import ANSWERS

    resume = folder / ANSWERS if folder else None
    with console.progress() as move:
        try:
            return run(engine, gold, move, resume, settings, judge)
        except KeyboardInterrupt:
            console.note(
                f"The answers so far are kept in {folder}: run the same command again to go on."
                if folder
                else "Nothing is kept. With --report FOLDER an interrupted run can go on."
            )
            raise


def _show(
    evaluation: "Evaluation", comparison: "Comparison | None", folder: Path | None, as_json: bool
) -> None:
    """Print the figures; write the report if there is to be one."""
    from ui.report import document, write_report
    from ui.summary import cautions

    page = write_report(folder, evaluation, comparison) if folder else None
    if as_json:
        console.say_json(document(evaluation, comparison))
    else:
        _print(evaluation, comparison)
        if page:
            console.say(f"Report: {page}")
    for problem in evaluation.problems:
        console.note(f"{evaluation.gold}, {problem}")
    for words in cautions(evaluation):
        console.note(words)


def _print(evaluation: "Evaluation", comparison: "Comparison | None") -> None:
    from rag.evaluate import BY_NAME
    from ui.report_tables import tables
    from ui.report_words import difference_words, interval_words, value_words
    from ui.summary import headline

    heads = ["figure", "meaning", "value", "95% interval", "n"]
    heads += ["change", "95% interval", "p"] if comparison else []
    rows = []
    for name, figure in evaluation.figures.items():
        if figure.n:
            spec = BY_NAME[name]
            label = f"{spec.group}: {spec.label}"
            row = [name, label, value_words(figure), interval_words(figure), f"{figure.n:,}"]
            if comparison:
                difference = comparison.differences.get(name)
                row += difference_words(name, difference) if difference else ("–",) * 3
            rows.append(row)
    console.say(headline(evaluation))
    console.say_table(heads, rows)
    for table in tables(evaluation):
        console.say(f"\n{table.title}. {table.note}")
        console.say_table(table.heads, table.rows)
    if comparison is None:
        return
    for title, better in (("Better", True), ("Worse", False)):
        changes = [change for change in comparison.changes if change.better is better]
        console.say(f"{title}: {len(changes):,}")
        for change in changes:
            console.say(f"  {change.id}: {change.question}")


def _bounds(given: Sequence[str], option: str, *, lower_is_better: bool) -> Bounds:
    """FIGURE=NUMBER options, checked. Raises BadParameter (exit 2) with the names there are."""
    if not given:
        return {}
    from rag.evaluate import SPECS

    names = [spec.name for spec in SPECS if spec.lower_is_better is lower_is_better]
    shares = {spec.name for spec in SPECS if not spec.unit}
    bounds = {}
    for each in given:
        name, _, number = each.partition("=")
        name = name.strip()
        if name not in names:
            raise typer.BadParameter(f"{option} knows no {name!r}; it takes {', '.join(names)}")
        try:
            bound = float(number)
        except ValueError:
            raise typer.BadParameter(f"{option} looks like {name}=0.9, not {each!r}") from None
        if not 0 <= bound <= (1 if name in shares else float("inf")):
            raise typer.BadParameter(f"{option}: {name} lies from 0 to 1, so {number} cannot be")
        bounds[name] = bound
    return bounds


def _missed(evaluation: "Evaluation", floors: Bounds, ceilings: Bounds) -> list[str]:
    """One line for each figure that is beyond its bound, or that nothing counts towards."""
    from rag.evaluate import BY_NAME

    told = []
    for bounds, word, wrong in (
        (floors, "below its floor of", -1),
        (ceilings, "above its ceiling of", 1),
    ):
        for name, bound in bounds.items():
            value = evaluation.figures[name].value
            if value is None:
                why = "no question of the gold file counts towards it"
                if BY_NAME[name].judged and evaluation.judge is None:
                    why = "it needs a judge, name one with --judge"
                told.append(f"{name} has no value: {why}")
            elif (value - bound) * wrong > 0:
                told.append(f"{name} is {value:.4g}, {word} {bound:.4g}")
    return told
