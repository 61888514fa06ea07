"""`dateline ask`: a question to a cited answer."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from index.article import Filters
from ui import console
from ui.options import ChromaUrl, From, Home, Json, Llm, Publishers, Strict, To, open_engine

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.engine import QueryEngine

_MOST_BYTES = 1_000_000  # far above the longest question; the engine states its own limit


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question, or - to read it from stdin.")
    ],
    llm: Llm = None,
    publishers: Publishers = None,
    published_from: From = None,
    published_to: To = None,
    home: Home = None,
    chroma_url: ChromaUrl = None,
    strict: Strict = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the stages, scores, prompt, tokens and times.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer a question from the articles.

    Every sentence cites the exact words it rests on; where the articles do not say, that is the
    answer.
    """
    if published_from and published_to and published_from > published_to:
        raise typer.BadParameter("--from is later than --to")
    filters = Filters(tuple(publishers or ()), published_from, published_to)
    words = _from_stdin() if question == "-" else question
    with open_engine(home, chroma_url, llm, strict) as engine:
        answer = _asked(engine, words, filters)
    if as_json:
        console.say_json(answer.to_dict(explain=explain))
        return
    from ui.terminal import answer_text

    sys.stdout.write(answer_text(answer, console.width(), styled=console.styled()))
    if explain:
        from ui.explain import explain_text

        sys.stdout.write("\n" + explain_text(answer))


def _asked(engine: "QueryEngine", question: str, filters: Filters) -> "Answer":
    """The answer; while a language model writes, a terminal shows the sentence under way."""
    from rag.answer import Answer, Draft

    with console.under_way() as tell:
        for event in engine.stream(question, filters=filters):
            if isinstance(event, Answer):
                return event
            if isinstance(event, Draft) and event.text:
                tell(event.text)
    raise AssertionError("a stream ends with its answer")


def _from_stdin() -> str:
    return sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", errors="replace")
