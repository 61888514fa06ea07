"""One question through the page: from the words typed to what the conversation then shows."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.errors import DatelineError
from rag.answer import Answer, Draft, Event, Retrieved
from ui import answer_html, conversation, render, text
from ui.turns import Choices, Turn

if TYPE_CHECKING:
    from rag.engine import QueryEngine

Turns = tuple[Turn, ...]
_WRITING = "Writing."


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the conversation and the notice as HTML, and the words in the box.

    `box` is None when the box keeps what is being typed into it. `status` is what screen readers
    are told; `under_way` whether there is something to stop.
    """

    conversation: str
    turns: Turns
    box: str | None = None
    notice: str = ""
    status: str = ""
    under_way: bool = False


def respond(
    engine: "QueryEngine",
    question: str,
    turns: Turns,
    choices: Choices = Choices(),  # noqa: B008  # frozen
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[View]:
    """The page's states while `question` is answered; the last one is the final state.

    A question that fails leaves the conversation as it was and stays in the box to be changed.
    One that is stopped also leaves its words so far, marked, which the next question replaces.
    """
    box: str | None = ""  # emptied once; the next question may be typed meanwhile
    try:
        chosen = engine.variant(
            quoting=choices.quoting, strict=choices.strict, passages=choices.passages
        )
        events = chosen.stream(question, _history(turns), choices.filters)
        for answer, words, status in _told(events, stopped):
            if answer is not None:
                turns = (*turns, Turn(answer, choices, date.today()))
                yield View(conversation.html(turns), turns, box, status=text.spoken(answer))
                return
            under_way = conversation.turn_html(question, words)
            yield View(conversation.html(turns, under_way), turns, box, "", status, True)
            box = None
        stopping = conversation.turn_html(question, words + conversation.stopped_html())
        yield View(conversation.html(turns, stopping), turns, question, status="Stopped.")
    except DatelineError as error:
        notice = render.notice_html(str(error))
        yield View(conversation.html(turns), turns, question, notice)


def _history(turns: Turns) -> list[tuple[str, str]]:
    return [(one.answer.standalone or one.answer.question, one.answer.text) for one in turns]


def _told(
    events: Iterator[Event], stopped: Callable[[], bool]
) -> Iterator[tuple[Answer | None, str, str]]:
    """The answer, or the HTML and the status until it is there; ends early when stopped."""
    checked: list[str] = []
    try:
        for event in events:
            if isinstance(event, Answer):
                yield event, "", ""
                return
            if isinstance(event, Retrieved):
                found = text.count(len(event.passages), "passage")
                yield None, answer_html.searching(found), f"Reading {found}."
            elif isinstance(event, Draft):  # also a turn to stop in while the model is silent
                yield None, answer_html.draft(checked, event.text), _WRITING
            else:
                checked.append(event.text)
                yield None, answer_html.draft(checked), _WRITING
            if stopped():
                yield None, answer_html.draft(checked), "Stopped."
                return
    finally:
        if isinstance(events, Generator):
            events.close()  # drops the request to a language model
