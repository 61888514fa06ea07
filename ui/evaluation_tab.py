"""The Evaluation tab: run a gold file, see the report, compare with an earlier run."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import DatelineError
from ui import render
from ui.evaluating import Asking, Evaluating
from ui.evaluation_html import asking_html, form_html, run_html, runs_html
from ui.evaluation_runs import gold_files, keep_gold, kept_runs, results_of

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_PLAIN: dict[str, Any] = {"apply_default_css": False}
Choice = tuple[str, str]  # the gold file and the earlier run that the form names
NOTHING: Choice = ("", "")
_TOLD = (
    '<p class="dl-small">A gold file holds questions with their answers: JSON lines, SQuAD 2.0 '
    "JSON or CSV. All of them are asked with the settings of this server.</p>"
)


def build(engine: "QueryEngine") -> Callable[[], tuple[Any, ...]]:
    """Fill the tab that is open."""
    page = _Page(engine)
    choice = gr.State(NOTHING)
    with gr.Column(elem_id="dl-evaluation", elem_classes="dl-evaluation"):
        gr.HTML(_TOLD, **_PLAIN)
        form = gr.HTML("", js_on_load=_script("filters.js"), **_PLAIN)
        with gr.Row(elem_id="dl-run-row"):
            run = gr.Button("Run", variant="primary", scale=0, min_width=120)
            stop = gr.Button("Stop", scale=0, min_width=120, visible=False)
            given = gr.UploadButton("Use another gold file", scale=0, min_width=240)
        told = gr.HTML("", elem_id="dl-told", **_PLAIN)
        report = gr.HTML("", **_PLAIN)
        runs = gr.HTML("", js_on_load=_script("evaluation.js"), **_PLAIN)

    form.input(page.choose, None, [choice], trigger_mode="always_last", **_QUIET)
    given.upload(page.take, [given], [form, choice, told], **_QUIET)
    run.click(page.run, [choice], [told, report, run, stop], **_QUIET).then(
        page.show, [choice], [form, choice, runs], **_QUIET
    )
    stop.click(page.stop, None, None, **_QUIET)
    runs.select(page.open, None, [told, report], **_QUIET)
    return lambda: (page.show, [choice], [form, choice, runs])


class _Page:
    """What the events of the tab do; everything that differs between people is passed in."""

    def __init__(self, engine: "QueryEngine") -> None:
        self._engine = engine
        self._evaluating = Evaluating(engine)

    def show(self, choice: Choice) -> tuple[Any, ...]:
        """The form, what it names, and the runs that are kept."""
        golds, runs = list(gold_files(self._engine.home)), kept_runs(self._engine.home)
        gold = choice[0] if choice[0] in golds else next(iter(golds), "")
        return form_html(golds, runs, gold), (gold, ""), runs_html(runs)

    def choose(self, event: gr.EventData) -> Choice:
        """Remember what the form names."""
        told = _told(event)
        return told("gold"), told("earlier")

    def take(self, given: str) -> tuple[Any, ...]:
        """Keep a gold file that was handed over, and choose it."""
        home = self._engine.home
        try:
            name = keep_gold(home, Path(given))
        except DatelineError as error:
            return gr.skip(), gr.skip(), render.notice_html(str(error))
        form = form_html(list(gold_files(home)), kept_runs(home), name)
        return form, (name, ""), ""

    def run(self, choice: Choice, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Ask every question, and show the report."""
        running, idle = (
            (gr.Button(visible=False), gr.Button(visible=True)),
            (
                gr.Button(visible=True),
                gr.Button(visible=False),
            ),
        )
        yield asking_html(None), "", *running
        try:
            owner = request.session_hash or ""
            for step in self._evaluating.run(*choice, owner):
                if isinstance(step, Asking):
                    yield asking_html(step), "", *running
                else:
                    results = results_of(self._engine.home, step.name)
                    yield "", run_html(step, results), *idle
        except DatelineError as error:
            yield render.notice_html(str(error)), "", *idle

    def stop(self, request: gr.Request) -> None:
        """End the run that this page started."""
        self._evaluating.stop(request.session_hash or "")

    def open(self, event: gr.EventData) -> tuple[str, str]:
        """Show a run that is kept."""
        name = _told(event)("run")
        try:
            run = next((each for each in kept_runs(self._engine.home) if each.name == name), None)
            results = results_of(self._engine.home, name)
        except DatelineError as error:
            return render.notice_html(str(error)), ""
        return "", run_html(run, results) if run else ""


def _told(event: gr.EventData) -> Callable[[str], str]:
    """What a page sent with an event, which may be anything: each value as text."""
    told = event._data

    def value(name: str) -> str:
        found = told.get(name) if isinstance(told, dict) else None
        return found if isinstance(found, str) else ""

    return value


def _script(name: str) -> str:
    return files("ui").joinpath(name).read_text("utf-8")
