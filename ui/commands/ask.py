"""`dateline ask`: a question to a cited answer."""

import sys
from typing import Annotated

import typer

from index.article import Filters
from ui import console
from ui.options import ChromaUrl, From, Home, Json, Llm, Publishers, To, open_engine

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
    with open_engine(home, chroma_url, llm) as engine:
        answer = engine.ask(words, filters=filters)
    if as_json:
        console.say_json(answer.to_dict())
        return
    from ui.terminal import answer_text

    sys.stdout.write(answer_text(answer, console.width(), styled=console.styled()))


def _from_stdin() -> str:
    return sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", errors="replace")
