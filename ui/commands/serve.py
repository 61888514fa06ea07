"""`dateline serve`: the chat page."""

import ipaddress
from typing import Annotated

import typer

from index.errors import UsageError
from ui import console
from ui.commands import ingest
from ui.options import ChromaUrl, Home, Llm, open_engine


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
    home: Home = None,
    chroma_url: ChromaUrl = None,
) -> None:
    """Serve the chat page to this machine.

    Ctrl-C stops it.
    """
    if not _is_loopback(host):
        raise UsageError(
            f"Serving on {host} would need a password, which is not available yet: "
            "use --host 127.0.0.1."
        )
    if samples is not None:
        _fill_if_empty(home, chroma_url, samples)
    from ui import server

    with open_engine(home, chroma_url, llm) as engine:
        server.serve(engine, host, port)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _fill_if_empty(home: str | None, chroma_url: str | None, samples: str) -> None:
    """Ingest with an engine of its own, so that the page's does not stay the only writer."""
    with open_engine(home, chroma_url) as engine:
        if engine.status().articles == 0:
            console.note("The collection is empty: ingesting the samples.")
            ingest.summarise(ingest.run(engine, [samples]))
