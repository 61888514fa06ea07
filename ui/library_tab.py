"""The Library tab: the articles, adding more, removing with undo, what the collection covers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.bin import KEPT_DAYS
from index.errors import DatelineError
from ui import render, text
from ui.adding import add_addresses, add_files, addresses_in
from ui.adding_html import adding_html
from ui.coverage_plot import coverage_html, coverage_of
from ui.library_table import (
    Wanted,
    filters_html,
    list_html,
    outlets_of,
    removed_notice,
    wanted_of,
)

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_MOST_IDS = 10_000  # in one request of a page
_AT_ONCE = 60_000_000  # bytes of files at once: a little less than the server takes
_REFUSED = f'<p class="dl-notice" role="alert" data-most="{_AT_ONCE}"></p>'
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_PLAIN: dict[str, Any] = {"apply_default_css": False}


def build(engine: "QueryEngine", head: gr.HTML) -> Callable[[], tuple[Any, ...]]:
    """Fill the tab that is open. `head` says at the top of the page what the collection holds."""
    wanted = gr.State(Wanted())
    shown = gr.State(())  # the outlets that the form offers
    with gr.Column(elem_id="dl-library"):
        with gr.Row():
            with gr.Column(min_width=280):
                given = gr.File(
                    label="Add articles", file_count="multiple", height=150, elem_id="dl-files"
                )
            with gr.Column(min_width=280):
                addresses = gr.Textbox(
                    label="Addresses of articles, feeds or sitemaps, one a line",
                    lines=2,
                    max_lines=8,
                    elem_id="dl-addresses",
                )
                fetch = gr.Button("Add addresses")
        gr.HTML(_REFUSED, js_on_load=_script("uploads.js"), **_PLAIN)
        outcomes = gr.HTML("", elem_id="dl-outcomes", **_PLAIN)
        with gr.Row(elem_id="dl-collection"):
            with gr.Column(scale=3, min_width=280):
                form = gr.HTML("", js_on_load=_script("filters.js"), **_PLAIN)
                listed = gr.HTML("", elem_id="dl-list", js_on_load=_script("library.js"), **_PLAIN)
            with gr.Column(scale=2, min_width=280):
                picture = gr.HTML("", **_PLAIN)

    page = _Page(engine)
    everything = [listed, form, shown, picture, head]

    form.input(page.filter, [wanted], [wanted, listed], trigger_mode="always_last", **_QUIET)
    listed.apply(page.turn, [wanted], [wanted, listed], **_QUIET)
    listed.delete(page.remove, [wanted, shown], everything, **_QUIET)
    listed.undo(page.restore, [wanted, shown], everything, **_QUIET)
    listed.clear(page.delete_for_good, [wanted, shown], everything, **_QUIET)
    added = given.upload(page.add_files, [given], [given, outcomes], **_QUIET)
    fetched = fetch.click(page.add_addresses, [addresses], [addresses, outcomes], **_QUIET)
    for event in (added, fetched):
        event.then(page.show, [wanted, shown], everything, **_QUIET)
    return lambda: (page.show, [wanted, shown], everything)


class _Page:
    """What the events of the tab do; everything that differs between people is passed in."""

    def __init__(self, engine: "QueryEngine") -> None:
        self._engine = engine

    def show(self, wanted: Wanted, shown: Sequence[str], notice: str = "") -> tuple[Any, ...]:
        """The whole tab as it is now; the form only when its outlets have changed."""
        rows = self._engine.articles()
        outlets = tuple(outlets_of(rows))
        form = gr.skip() if shown and outlets == shown else filters_html(outlets, wanted)
        return (
            list_html(rows, wanted, self._engine.in_bin(), notice),
            form,
            outlets,
            coverage_html(coverage_of(row.metadata for row in rows)),
            render.masthead_html(self._engine.coverage()),
        )

    def filter(self, wanted: Wanted, event: gr.EventData) -> tuple[Wanted, str]:
        """Show what the form asks for, from its first page on."""
        return self._listed(wanted_of(_told(event)))

    def turn(self, wanted: Wanted, event: gr.EventData) -> tuple[Wanted, str]:
        """Show another page."""
        number = _told(event).get("page")
        return self._listed(replace(wanted, page=number if isinstance(number, int) else 0))

    def _listed(self, wanted: Wanted) -> tuple[Wanted, str]:
        return wanted, list_html(self._engine.articles(), wanted, self._engine.in_bin())

    def remove(self, wanted: Wanted, shown: Sequence[str], event: gr.EventData) -> tuple[Any, ...]:
        """Put articles into the bin."""

        def work(ids: list[str]) -> str:
            if not ids:
                return "Select the articles to remove first."
            removed = self._engine.put_into_bin(ids)
            return removed_notice(removed, KEPT_DAYS)

        return self._changed(work, wanted, shown, event)

    def restore(self, wanted: Wanted, shown: Sequence[str], event: gr.EventData) -> tuple[Any, ...]:
        """Bring articles back from the bin."""

        def work(ids: list[str]) -> str:
            restored = self._engine.restore(ids)
            told = [f"{text.count(len(restored.ids), 'article')} restored."]
            told += [f"{source} {reason}." for source, reason in restored.failed[:3]]
            return render.escape(text.line(" ".join(told)))

        return self._changed(work, wanted, shown, event)

    def delete_for_good(
        self, wanted: Wanted, shown: Sequence[str], event: gr.EventData
    ) -> tuple[Any, ...]:
        """Empty the bin of some articles."""

        def work(ids: list[str]) -> str:
            self._engine.empty_bin(ids)
            return f"{text.count(len(ids), 'article')} deleted for good."

        return self._changed(work, wanted, shown, event)

    def _changed(
        self,
        work: Callable[[list[str]], str],
        wanted: Wanted,
        shown: Sequence[str],
        event: gr.EventData,
    ) -> tuple[Any, ...]:
        """The tab after a change, with its notice; an error is a notice too."""
        try:
            with self._engine.writing():
                notice = work(_ids(event))
        except DatelineError as error:
            notice = render.notice_html(str(error))
        return self.show(wanted, shown, notice)

    def add_files(self, given: Sequence[str] | None) -> Iterator[tuple[Any, ...]]:
        """Bring in files that were handed over, telling how far each is."""
        for steps in add_files(self._engine, [Path(name) for name in given or ()]):
            yield None, adding_html(steps)

    def add_addresses(self, typed: str) -> Iterator[tuple[Any, ...]]:
        """Bring in addresses that were typed; what cannot be one stays to be corrected."""
        try:
            wanted = addresses_in(typed)
        except DatelineError as error:
            yield gr.skip(), render.notice_html(str(error))
            return
        for steps in add_addresses(self._engine, wanted):
            yield "", adding_html(steps)


def _told(event: gr.EventData) -> dict[str, Any]:
    """What a page sent with an event, which may be anything."""
    told = event._data
    return told if isinstance(told, dict) else {}


def _ids(event: gr.EventData) -> list[str]:
    ids = _told(event).get("ids")
    return (
        [each for each in ids[:_MOST_IDS] if isinstance(each, str)] if isinstance(ids, list) else []
    )


def _script(name: str) -> str:
    return files("ui").joinpath(name).read_text("utf-8")
