"""The options that several commands share, and opening the engine they ask for."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rag.engine import QueryEngine


def _or_before(context: typer.Context, value: str | None) -> str | None:
    """The home given after the command, else the one given before it."""
    if value is None and context.parent is not None:
        given: str | None = context.parent.params.get("home")
        return given
    return value


def _iso_date(value: str | None) -> str | None:
    """Check a date option. Raises BadParameter (exit 2) when it is not YYYY-MM-DD."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise typer.BadParameter("a date looks like 2020-12-31") from None


def _gone(value: str | None) -> str | None:
    """Check what is to become of vanished articles. Raises BadParameter (exit 2)."""
    if value not in {None, "keep", "flag", "remove"}:
        raise typer.BadParameter("choose keep, flag or remove")
    return value


Home = Annotated[
    str | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Folder of the collection. Also: DATELINE_HOME.",
        callback=_or_before,
        show_default=False,
    ),
]
ChromaUrl = Annotated[
    str | None,
    typer.Option(
        "--chroma-url",
        metavar="URL",
        help="Chroma server to use. Also: DATELINE_CHROMA_URL.",
        show_default=False,
    ),
]
Gone = Annotated[
    str | None,
    typer.Option(
        "--gone",
        metavar="keep|flag|remove",
        help="What becomes of articles that vanish from a source; remembered with it. "
        "Else those of folders are removed and those of the web kept.",
        callback=_gone,
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="SPEC",
        help="Language model: extractive, provider/model or http://host:port/v1#model. "
        "Also: DATELINE_LLM.",
        show_default=False,
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Leave out sentences of a language model that nothing supports, instead of marking "
        "them. Also: DATELINE_STRICT.",
    ),
]
Publishers = Annotated[
    list[str] | None,
    typer.Option(
        "--publisher",
        metavar="NAME",
        help="Only articles of this outlet; may be repeated.",
        show_default=False,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        help="Only articles published on this day or later.",
        callback=_iso_date,
        show_default=False,
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="DATE",
        help="Only articles published on this day or earlier.",
        callback=_iso_date,
        show_default=False,
    ),
]


def open_engine(
    home: str | None, chroma_url: str | None, llm: str | None = None, strict: bool = False
) -> "QueryEngine":
    """The engine over the home that the options and settings name; use it as a context manager.

    Raises DatelineError when a setting is wrong or the home cannot be used.
    """
    import rag
    from ui.settings import load_settings
    from ui.tracing import set_up_tracing

    set_up_tracing()
    settings = load_settings(home=home, llm=llm, chroma_url=chroma_url)
    return rag.connect(
        settings.home,
        llm=settings.llm,
        embedding=settings.embedding,
        chroma_url=settings.chroma_url,
        reader=settings.reader,
        reranker=settings.reranker,
        strict=strict or settings.strict,
        llm_options=settings.llm_options(),
    )
