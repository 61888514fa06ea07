"""The chat page, in Gradio.

The conversation is our own HTML, not `gr.Chatbot`: that component reads messages as Markdown, a
second language to escape for, and gives screen readers their source text as a label.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui import text
from ui.chat import Turns, respond

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_HEADLINES = 4
_LONGEST_HEADLINE = 140  # characters
_WELCOME = (
    '<p class="dl-welcome">Ask about the articles. '
    "Every sentence of an answer cites the exact words it rests on.</p>"
)
_TRIED = 8  # headlines asked before the page opens; each takes some 50 ms
_START = '<p class="dl-label">Or start from a recent headline</p>'

# Announces new words to screen readers.
_LIVE = "element.setAttribute('aria-live', 'polite')"
# Brings a new question to the top, once, so that its answer grows below it.
_FOLLOW = """() => requestAnimationFrame(() => {
    const turns = document.querySelectorAll('.dl-turn');
    if (turns.length > (window.datelineTurns ?? 0))
        turns[turns.length - 1].scrollIntoView({block: 'start'});
    window.datelineTurns = turns.length;
})"""


def build(engine: "QueryEngine") -> None:
    """Fill the tab that is open."""
    turns = gr.State(())
    talk = gr.HTML("", elem_id="dl-conversation", js_on_load=_LIVE, apply_default_css=False)
    with gr.Column(elem_id="dl-examples") as examples:
        headlines = _headlines(engine)
        gr.HTML(_WELCOME + (_START if headlines else ""), apply_default_css=False)
        buttons = [gr.Button(headline) for headline in headlines]
    with gr.Column(elem_id="dl-foot"):
        notice = gr.HTML("", apply_default_css=False)
        with gr.Row(elem_id="dl-ask"):
            box = gr.Textbox(
                label="Your question",
                show_label=False,
                placeholder="Ask about the articles",
                container=False,
                max_lines=5,
                autofocus=True,
                scale=1,
            )
            send = gr.Button("Ask", variant="primary", scale=0, min_width=80)

    def answer(question: str, turns: Turns) -> Iterator[tuple[Any, ...]]:
        for view in respond(engine, question, turns):
            start = gr.Column(visible=not view.conversation)
            typed = gr.skip() if view.box is None else view.box
            yield view.conversation, view.turns, typed, view.notice, start

    shown = [talk, turns, box, notice, examples]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on([box.submit, send.click], answer, [box, turns], shown, **quiet)
    for button in buttons:
        button.click(answer, [button, turns], shown, **quiet)
    talk.change(None, js=_FOLLOW, api_visibility="private")


def _headlines(engine: "QueryEngine") -> list[str]:
    """Headlines to start from: the newest of each outlet, newest first, that get an answer.

    Asking them also loads the models, so that the first question is answered at once.
    """
    newest: dict[str | None, str] = {}
    known = [row.metadata for row in engine.articles()]
    dated = [item for item in known if item.published and item.title and item.publisher]
    for item in sorted(dated, key=lambda item: item.published or "", reverse=True):
        newest.setdefault(item.publisher, text.excerpt(item.title or "", _LONGEST_HEADLINE))
    tried = list(newest.values())[:_TRIED]
    return [headline for headline in tried if engine.ask(headline).answered][:_HEADLINES]
