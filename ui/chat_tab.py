"""What happens in the tab for questions."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import gradio as gr

from index.errors import DatelineError
from rag.suggest import suggestions
from ui import conversation, feedback, render, text
from ui.chat import Turns, View, respond
from ui.chat_layout import Parts, lay_out
from ui.export import Export, export
from ui.stops import Stops
from ui.turns import Choices, Rating, address, from_address

if TYPE_CHECKING:
    from index.records import Coverage
    from rag.engine import QueryEngine

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_AT_ONCE: dict[str, Any] = {**_QUIET, "queue": False}
_SHARED = "This question came with the address. Press Ask to get its answer."
_LONGEST_LABEL = 60  # characters
_SAVE = "file => file && window.dateline.save(file)"
_TO_BOX = "() => window.dateline.toBox()"
_RATED = "words => words && window.dateline.thanks(words)"


def build(engine: "QueryEngine", page: gr.Blocks) -> None:
    """Fill the tab that is open; `page` tells when somebody comes."""
    parts = lay_out(engine)
    _Tab(engine, parts).connect(page)


class _Tab:
    """What happens in the tab: each method answers an event.

    Gradio gives the request and the event by position, before the inputs.
    """

    def __init__(self, engine: "QueryEngine", parts: Parts) -> None:
        self._engine = engine
        self._parts = parts
        self._stops = Stops()
        self._offered: tuple[Coverage | None, tuple[str, ...]] = (None, ())
        self._offer()  # also loads the models, so that the first question is answered at once

    def connect(self, page: gr.Blocks) -> None:
        """Let the events reach their methods."""
        parts = self._parts
        asking = [parts.box, parts.turns, parts.base, *parts.controls]
        gr.on([parts.box.submit, parts.send.click], self.ask, asking, parts.shown, **_QUIET)
        parts.talk.example_select(self.begin, [parts.turns, *parts.controls], parts.shown, **_QUIET)
        parts.talk.retry(self.retry, [parts.turns, *parts.controls], parts.shown, **_QUIET)
        parts.talk.edit(
            self.edit, parts.turns, [parts.box, parts.base, parts.notice], **_AT_ONCE
        ).then(None, js=_TO_BOX)
        gr.on([parts.stop.click, parts.talk.stop], self.stop, **_AT_ONCE)
        thanks = gr.Textbox(visible=False)  # a State would not reach the page's script
        parts.talk.like(
            self.rate, parts.turns, [parts.turns, thanks], trigger_mode="multiple", **_AT_ONCE
        ).then(None, thanks, js=_RATED)
        saved = gr.JSON(visible=False)
        parts.talk.download(self.save, parts.turns, saved, **_AT_ONCE).then(None, saved, js=_SAVE)
        parts.gold.click(self.save_gold, None, saved, **_AT_ONCE).then(None, saved, js=_SAVE)
        controls = list(parts.controls)
        changes = [control.change for control in controls]  # type: ignore[attr-defined]
        gr.on(
            changes,
            self.tell_address,
            [parts.turns, *controls],
            parts.here,
            trigger_mode="always_last",
            **_AT_ONCE,
        )
        page.load(self.open, None, [*parts.shown, parts.here, *controls], **_QUIET)

    def open(self, request: gr.Request) -> list[Any]:
        """A visitor comes: where to begin, and what the address asks for. It is not asked yet,
        because opening an address must not spend anything.
        """
        question, chosen = from_address(request.query_params.multi_items())
        outlets = list(self._outlets())
        known = [name for name in chosen.publishers if name in outlets]
        hint = render.notice_html(_SHARED, role="status") if question else ""
        view = View(self._welcome(), (), question, hint)
        return [
            *self._shown(view, None),
            "",
            gr.Dropdown(choices=_labelled(outlets), value=known),
            chosen.published_from or "",
            chosen.published_to or "",
            chosen.quoting or not self._engine.llm_name,
            chosen.strict or self._engine.is_strict,
            chosen.passages,
        ]

    def ask(
        self, request: gr.Request, question: str, turns: Turns, base: int | None, *controls: Any
    ) -> Iterator[list[Any]]:
        """The question in the box; one that was being edited replaces its turn."""
        kept = turns if base is None else turns[:base]
        for view in self._respond(request, text.clean(question), kept, controls):
            failed = view.turns == kept and not view.under_way
            yield self._shown(view, base if failed else None)

    def begin(
        self, request: gr.Request, event: gr.EventData, turns: Turns, *controls: Any
    ) -> Iterator[list[Any]]:
        """One of the questions that the page offers."""
        yield from self.ask(request, str(event.question), turns, None, *controls)

    def retry(self, request: gr.Request, turns: Turns, *controls: Any) -> Iterator[list[Any]]:
        """The last question once more, as the controls now stand."""
        if turns:
            asked = turns[-1].answer.question
            for view in self._respond(request, asked, turns[:-1], controls):
                yield self._shown(replace(view, box=None), None)

    def edit(self, turns: Turns) -> tuple[Any, ...]:
        """The last question goes back into the box."""
        if not turns:
            return gr.skip(), None, gr.skip()
        hint = "Change the question and ask it. Its new answer takes the place of this one."
        return (
            text.line(turns[-1].answer.question),
            len(turns) - 1,
            render.notice_html(hint, role="status"),
        )

    def stop(self, request: gr.Request) -> None:
        """Stop the answer under way."""
        self._stops.stop(str(request.session_hash))

    def rate(self, event: gr.EventData, turns: Turns) -> tuple[Turns, str]:
        """A thumb or a note."""
        turn = turns[_index(event, turns)]
        rating: Rating = "up" if event.rating == "up" else "down"
        rated = replace(turn, rating=rating, identity=turn.identity or uuid4().hex)
        try:
            feedback.record(self._engine.home, rated, str(event.note))
        except DatelineError as error:
            return turns, str(error)
        said = "Thank you, the note is kept." if event.note else "Thank you, it is kept."
        return tuple(rated if one is turn else one for one in turns), said

    def save(self, event: gr.EventData, turns: Turns) -> dict[str, str] | None:
        """A file for the browser to save: an answer or the conversation."""
        if not turns:
            return None
        chosen = turns if event.turn is None else (turns[_index(event, turns)],)
        return asdict(export(chosen, str(event.kind)))

    def save_gold(self) -> dict[str, str]:
        """A file for the browser to save: what was called good, by anybody."""
        content = feedback.gold(self._engine.home)
        return asdict(Export("dateline-gold.jsonl", "application/jsonl", content))

    def tell_address(self, turns: Turns, *controls: Any) -> str:
        """The address that holds the controls as they now stand, for the page's script."""
        asked = turns[-1].answer.question if turns else ""
        choices = self._choices(controls)
        try:
            limits = text.limits(choices.filters)
        except DatelineError as error:  # a date that is being typed
            limits = str(error)
        return conversation.here_html(address(asked, choices), limits)

    def _respond(
        self, request: gr.Request, question: str, turns: Turns, controls: tuple[Any, ...]
    ) -> Iterator[View]:
        session = str(request.session_hash)
        mark = self._stops.begin(session)
        try:
            chosen = self._choices(controls)
            for view in respond(self._engine, question, turns, chosen, mark.is_set):
                empty = not view.conversation
                yield replace(view, conversation=self._welcome()) if empty else view
        finally:
            self._stops.end(session, mark)

    def _choices(self, controls: tuple[Any, ...]) -> Choices:
        outlets, first, last, quoting, strict, passages = controls
        names = self._outlets()
        return Choices(
            tuple(names.get(shown, shown) for shown in outlets or ()),
            (first or "").strip() or None,
            (last or "").strip() or None,
            bool(quoting and self._engine.llm_name),
            bool(strict),
            int(passages),
        )

    def _outlets(self) -> dict[str, str]:
        """The outlets by the names in which the page shows them, which hold no odd character."""
        return {text.line(name): name for name in self._engine.coverage().publishers}

    def _shown(self, view: View, base: int | None) -> list[Any]:
        box = gr.skip() if view.box is None else view.box
        stop = gr.Button(visible=view.under_way)
        return [
            view.conversation,
            view.turns,
            box,
            view.notice,
            render.escape(view.status),
            stop,
            base,
        ]

    def _welcome(self) -> str:
        return conversation.welcome_html(self._offer(), empty=not self._engine.coverage().articles)

    def _offer(self) -> tuple[str, ...]:
        """Questions to begin with, made anew when the collection has changed."""
        coverage = self._engine.coverage()
        if self._offered[0] != coverage:
            self._offered = (coverage, suggestions(self._engine))
        return self._offered[1]


def _labelled(outlets: list[str]) -> list[tuple[str, str]]:
    """Labels and values of a choice of outlets."""
    return [(text.excerpt(name, _LONGEST_LABEL), name) for name in outlets]


def _index(event: gr.EventData, turns: Turns) -> int:
    """The turn that an event names. Raises IndexError for one that is not there."""
    number = int(event.turn)
    if not 0 <= number < len(turns):
        raise IndexError(number)
    return number
