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
_TOLD = (
    '<p class="dl-small">A gold file holds questions with their answers: JSON lines, SQuAD 2.0 '
    "JSON or CSV. All of them are asked with the settings of this server.</p>"
)


def build(engine: "QueryEngine") -> Callable[[], tuple[Any, ...]]:
    """Fill the tab that is open."""
    page = _Page(engine)
    with gr.Column(elem_id="dl-evaluation", elem_classes="dl-evaluation"):
        gr.HTML(_TOLD, **_PLAIN)
        form = gr.HTML("", js_on_load=_script("evaluation.js"), **_PLAIN)
        with gr.Row(elem_id="dl-run-row"):
            stop = gr.Button("Stop", scale=0, min_width=120, visible=False)
            given = gr.UploadButton("Add a gold file", scale=0, min_width=240)
        told = gr.HTML("", elem_id="dl-told", **_PLAIN)
        report = gr.HTML("", **_PLAIN)
        runs = gr.HTML("", js_on_load=_script("evaluation.js"), **_PLAIN)

    given.upload(page.take, [given], [form, told], **_QUIET)
    form.submit(page.run, None, [told, report, stop, form, runs], **_QUIET)
    stop.click(page.stop, None, None, **_QUIET)
    runs.select(page.open, None, [told, report], **_QUIET)
    return lambda: (page.show, None, [form, runs])


class _Page:
    """What the events of the tab do; everything that differs between people is passed in."""

    def __init__(self, engine: "QueryEngine") -> None:
        self._engine = engine
        self._evaluating = Evaluating(engine)

    def show(self, gold: str = "") -> tuple[str, str]:
        """The form with its gold file chosen, and the runs that are kept."""
        runs = kept_runs(self._engine.home)
        return form_html(list(gold_files(self._engine.home)), runs, gold), runs_html(runs)

    def take(self, given: str) -> tuple[Any, ...]:
        """Keep a gold file that was handed over, and choose it."""
        try:
            name = keep_gold(self._engine.home, Path(given))
        except DatelineError as error:
            return gr.skip(), render.notice_html(str(error))
        return self.show(name)[0], ""

    def run(self, event: gr.EventData, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Ask every question, and show the report."""
        wanted, owner = _told(event), request.session_hash or ""
        kept = gr.skip(), gr.skip()
        yield asking_html(None), "", gr.Button(visible=True), *kept
        told = report = ""
        try:
            for step in self._evaluating.run(wanted("gold"), wanted("earlier"), owner):
                if isinstance(step, Asking):
                    yield asking_html(step), gr.skip(), gr.skip(), *kept
                else:
                    report = run_html(step, results_of(self._engine.home, step.name))
        except DatelineError as error:
            told = render.notice_html(str(error))
        yield told, report, gr.Button(visible=False), *self.show(wanted("gold"))

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
