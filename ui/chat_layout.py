"""What is in the tab for questions: its places and its controls.

The conversation is our own HTML, not `gr.Chatbot`: that component reads messages as Markdown, a
second language to escape for, and gives screen readers their source text as a label. Its buttons
reach Python through ui/chat.js.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.turns import LEAST_PASSAGES, MOST_PASSAGES, PASSAGES

if TYPE_CHECKING:
    from rag.engine import QueryEngine


@dataclass(frozen=True, slots=True)
class Parts:
    """What of the tab changes: its places and its controls."""

    turns: gr.State
    base: gr.State  # the turns before the one that is being edited, None when none is
    talk: gr.HTML
    notice: gr.HTML
    status: gr.HTML
    here: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    controls: tuple[gr.components.Component, ...]
    gold: gr.Button

    @property
    def shown(self) -> list[gr.components.Component]:
        """What an answer changes."""
        return [self.talk, self.turns, self.box, self.notice, self.status, self.stop, self.base]


def lay_out(engine: "QueryEngine") -> Parts:
    """Fill the tab that is open."""
    turns, base = gr.State(()), gr.State(None)
    script = files("ui").joinpath("chat.js").read_text("utf-8")
    talk = gr.HTML("", elem_id="dl-conversation", js_on_load=script, apply_default_css=False)
    status = _place("dl-status", "element.setAttribute('role', 'status')")
    with gr.Column(elem_id="dl-foot"):
        with gr.Row(elem_id="dl-notices"):
            notice = _place("dl-notice", None)
            stop = gr.Button(
                "Stop", visible=False, size="sm", scale=0, min_width=80, elem_id="dl-stop"
            )
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
            send = gr.Button("Ask", variant="primary", scale=0, min_width=80, elem_id="dl-send")
        here = _place("dl-here", None)
        with gr.Accordion("Filters and settings", open=False, elem_id="dl-controls"):
            controls = _controls(engine)
            gold = gr.Button("Download good answers as gold questions", size="sm", min_width=0)
    return Parts(turns, base, talk, notice, status, here, box, send, stop, controls, gold)


def _place(name: str, script: str | None) -> gr.HTML:
    return gr.HTML("", elem_id=name, js_on_load=script, apply_default_css=False)


def _controls(engine: "QueryEngine") -> tuple[gr.components.Component, ...]:
    """Filters and settings, in the order of the fields of `Choices`."""
    day: dict[str, Any] = {
        "elem_classes": "dl-day",
        "placeholder": "2020-12-31",
        "max_lines": 1,
        "min_width": 130,
    }
    with gr.Row():
        outlets = gr.Dropdown(
            [], multiselect=True, label="Outlets", info="None chosen: all", scale=2
        )
        first = gr.Textbox(label="From", **day)
        last = gr.Textbox(label="To", **day)
    with gr.Row():
        written = [(f"Written by {engine.llm_name}", False)] if engine.llm_name else []
        quoting = gr.Radio(
            [*written, ("Quoted from the articles", True)],
            value=not written,
            label="Answers",
            visible=bool(written),
        )
        strict = gr.Checkbox(
            engine.is_strict,
            label="Leave out sentences that nothing supports",
            visible=bool(engine.llm_name),
        )
        passages = gr.Slider(
            LEAST_PASSAGES,
            MOST_PASSAGES,
            PASSAGES,
            step=1,
            label="Passages",
            info="Quoting reads the best six of them.",
            buttons=[],
        )
    return outlets, first, last, quoting, strict, passages
