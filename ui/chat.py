"""One question through the page: from the words typed to what the conversation then shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import DatelineError
from rag.answer import Answer, Draft, Retrieved
from ui import render

if TYPE_CHECKING:
    from rag.engine import QueryEngine

Turns = tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the conversation and the notice as HTML, and the words in the box.

    `box` is None when the box keeps what is being typed into it.
    """

    conversation: str
    turns: Turns
    box: str | None = None
    notice: str = ""


def respond(engine: "QueryEngine", question: str, turns: Turns) -> Iterator[View]:
    """The page's states while `question` is answered; the last one is the final state.

    A question that fails leaves the conversation as it was and stays in the box to be changed.
    """
    draft = ""
    box: str | None = ""  # emptied once; the next question may be typed meanwhile
    try:
        for event in engine.stream(
            question, [(turn.standalone or turn.question, turn.text) for turn in turns]
        ):
            if isinstance(event, Answer):
                turns = (*turns, event)
                under_way = ""
            elif isinstance(event, Retrieved):
                under_way = render.turn_html(question, render.searching_html(event.passages))
            elif isinstance(event, Draft):  # also a turn to stop in while the model is silent
                under_way = render.turn_html(question, render.draft_html(draft, event.text))
            else:
                draft += event.text
                under_way = render.turn_html(question, render.draft_html(draft))
            yield View(render.conversation_html(turns, under_way), turns, box)
            box = None
    except DatelineError as error:
        notice = render.notice_html(str(error))
        yield View(render.conversation_html(turns), turns, question, notice)
