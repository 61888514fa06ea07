"""`dateline serve`: the chat page."""

from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import UsageError
from ui import console
from ui.commands import ingest
from ui.loopback import is_loopback
from ui.options import ChromaUrl, Home, Llm, open_engine

if TYPE_CHECKING:
    from ui.guards.password import Password


def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address of this machine.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="PORT", min=0, max=65535, help="Port; 0 takes any free one."
        ),
    ] = 7860,
    llm: Llm = None,
    samples: Annotated[
        str | None,
        typer.Option(
            "--samples",
            metavar="PATH",
            help="Ingest this first when the collection is empty.",
            show_default=False,
        ),
    ] = None,
    auth: Annotated[
        str | None,
        typer.Option(
            "--auth",
            metavar="USER:PASSWORD",
            help="Ask for this password; needed for a host that other machines reach. Others on "
            "this machine can see it here: rather set DATELINE_AUTH, or auth in the settings.",
            show_default=False,
        ),
    ] = None,
    home: Home = None,
    chroma_url: ChromaUrl = None,
) -> None:
    """Serve the chat page, and the interfaces for programs.

    What programs can ask for is told at /api. Ctrl-C stops the server.
    """
    password = _password(auth)
    if password is None and not is_loopback(host):
        raise UsageError(
            f"Serving on {host} needs a password: set DATELINE_AUTH to USER:PASSWORD, "
            "or use --host 127.0.0.1."
        )
    if samples is not None:
        _fill_if_empty(home, chroma_url, samples)
    from ui import server

    with open_engine(home, chroma_url, llm) as engine:
        server.serve(engine, host, port, password)


def _password(auth: str | None) -> "Password | None":
    """The password from the option or the settings. Raises UsageError for one of another form."""
    from ui.guards.password import Password
    from ui.settings import load_settings

    if auth is not None:
        console.note("Others on this machine can see a password that stands in a command.")
    told = load_settings(auth=auth).auth
    return Password.parse(told.get_secret_value()) if told is not None else None


def _fill_if_empty(home: str | None, chroma_url: str | None, samples: str) -> None:
    """Ingest with an engine of its own, so that the page's does not stay the only writer."""
    with open_engine(home, chroma_url) as engine:
        if engine.status().articles == 0:
            console.note("The collection is empty: ingesting the samples.")
            ingest.summarise(ingest.run(engine, [samples]))
