"""The page: its head and its tabs, in Gradio."""

from typing import TYPE_CHECKING, Any

import gradio as gr

from ui import chat_tab, evaluation_tab, library_tab, render

if TYPE_CHECKING:
    from rag.engine import QueryEngine

AT_ONCE = 4  # questions answered at the same time; one already keeps a core busy
WAITING = 32  # questions waiting behind them before others are turned away
_CACHE = (3600, 3600)  # seconds: how often old uploads are deleted, and which are old
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_app(engine: "QueryEngine") -> gr.Blocks:
    """The page over `engine`; mounted and styled by `ui.server`."""
    page = gr.Blocks(title="Dateline", analytics_enabled=False, delete_cache=_CACHE)
    with page:
        head = gr.HTML(apply_default_css=False)
        with gr.Tabs(elem_id="dl-tabs"):
            with gr.Tab("Ask", id="ask"):
                chat_tab.build(engine, page)
            with gr.Tab("Library", id="library"):
                show_library = library_tab.build(engine, head)
            with gr.Tab("Evaluation", id="evaluation"):
                show_evaluation = evaluation_tab.build(engine)
        page.load(lambda: render.masthead_html(engine.coverage()), None, head, **_QUIET)
        page.load(*show_library(), **_QUIET)
        page.load(*show_evaluation(), **_QUIET)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING, api_open=False)
    return page
