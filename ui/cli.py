"""The `dateline` command: what it offers, and how it fails.

Exit codes: 0 done, 1 a stated failure in one line, 2 wrong usage, 130 interrupted. An exception
that is not a DatelineError is a bug and shows its traceback.
"""

import io
import os
import sys
from typing import Annotated, NoReturn

import typer

from index.errors import DatelineError
from ui.commands import ask, collection, evaluate, ingest, llms, mcp, serve, sources
from ui.console import note
from ui.interrupt import EXIT_CODE, Stopped

app = typer.Typer(
    name="dateline",
    help="Ask a collection of news articles; every sentence of the answer cites its source.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(ingest.ingest)
app.command()(sources.sync)
app.command()(sources.sources)
app.command()(ask.ask)
app.command()(serve.serve)
app.command()(mcp.mcp)
app.command("eval")(evaluate.evaluate)
app.command()(llms.llms)
app.command()(collection.articles)
app.command()(collection.remove)
app.command()(collection.status)
app.command()(collection.repair)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@app.callback()
def _common(
    home: Annotated[
        str | None,
        typer.Option("--home", metavar="DIR", help="Same as --home after the command."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Options that come before the command; `Home` reads the one given here."""


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows "?"
            stream.reconfigure(errors="replace")
    try:
        code = _run()
        sys.stdout.flush()
    except DatelineError as error:
        note(f"error: {error}")
        code = 1
    except BrokenPipeError:
        # Whoever read our output has left; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _run() -> int:
    """The exit code of the command line in `sys.argv`."""
    try:
        app(prog_name="dateline")
    except SystemExit as done:
        if done.code == EXIT_CODE and not isinstance(done, Stopped):
            note("interrupted")
        return done.code if isinstance(done.code, int) else 0
    return 0
