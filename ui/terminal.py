"""An answer as terminal text: a pure function of the answer, the width and whether to style."""

from io import StringIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from rag.answer import Answer, ArticleRef, Refusal
from ui import text
from ui.links import outside_url

_INDENT = 4


def answer_text(answer: Answer, width: int, *, styled: bool) -> str:
    """The answer with its sources for a terminal `width` columns wide.

    Escape sequences appear only when `styled`, and only our own.
    """
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=styled,
        color_system="standard" if styled else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    parts = _refused(answer, answer.refusal) if answer.refusal else _answered(answer)
    if asked := text.asked_as(answer):
        parts = [Text(asked, "dim"), "", *parts]
    with console.capture() as captured:
        for part in parts:
            console.print(part, soft_wrap=isinstance(part, str))
    return "\n".join(row.rstrip() for row in captured.get().rstrip().split("\n")) + "\n"


def _answered(answer: Answer) -> list[RenderableType]:
    citations = {citation.number: citation for citation in answer.citations}
    parts: list[RenderableType] = []
    short = text.short_answer(answer)
    if short:
        parts += [Text(short, "bold"), ""]
    for row in text.clean(answer.text).split("\n"):
        words = Text()
        for part in text.pieces(text.line(row), citations):
            if isinstance(part, str):
                words.append(part)
            else:
                words.append(f"[{part.number}]", "cyan")
        parts += [words] if words else []
    remarks = text.remarks(answer)
    parts += ["", *(Text(remark, "yellow") for remark in remarks)] if remarks else []
    if answer.citations:
        parts += ["", Text("Sources", "bold")]
    for citation in answer.citations:
        parts += _source(Text(f"[{citation.number}]", "cyan"), citation.quote, citation.article)
    return [*parts, "", Text(text.made_by(answer), "dim")]


def _refused(answer: Answer, refusal: Refusal) -> list[RenderableType]:
    parts: list[RenderableType] = [
        Text(text.line(refusal.reason), "bold"),
        Text(text.coverage_words(refusal.coverage)),
        *(Text(remark, "yellow") for remark in text.remarks(answer)),
    ]
    if refusal.nearest:
        parts += ["", Text("Nearest passages, not an answer", "bold")]
    for passage in refusal.nearest:
        parts += _source(Text("-"), text.excerpt(passage.text), passage.article)
    return parts


def _source(label: Text, words: str, article: ArticleRef) -> list[RenderableType]:
    """The quote, then outlet, date and title, then the address or file, on a line of its own."""
    title = f": {text.line(article.title)}" if article.title else ""
    block = Table.grid(padding=(0, 1))
    block.add_column(min_width=_INDENT - 1)
    block.add_column(overflow="fold")
    block.add_row(label, f"“{text.line(words)}”")
    address = outside_url(article.url) or article.source
    # The source stands in for an unknown outlet, but not twice.
    named = article.publisher or address != article.source
    by = text.byline(article) if named else text.day_and_page(article)
    block.add_row("", Text(by + title, "dim"))
    # A plain string is printed unwrapped, so that a long address can be clicked and copied.
    where = " " * _INDENT + text.line(address)
    return [block, where]
