"""What commands print: reports to stdout, notes and progress to stderr; all of it made safe."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from ui.text import clean, line

_WIDEST = 100  # columns; longer lines are hard to read
_UNWRAPPED = 1000  # columns of a table that goes into a file or another program

Progress = Callable[[int, int, str], None]


def say(words: str) -> None:
    """Print to stdout; control characters cannot pass."""
    sys.stdout.write(clean(words) + "\n")


def note(words: str) -> None:
    """Print one line to stderr."""
    sys.stderr.write(line(words) + "\n")


def say_json(value: Any) -> None:
    """Print one JSON document; pure ASCII, so that no terminal can misread it."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def width() -> int:
    """The columns to write for."""
    return min(shutil.get_terminal_size().columns, _WIDEST)


def styled() -> bool:
    """Whether stdout takes colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def say_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table to stdout: folded to the terminal, or one line per row when piped."""
    _print_table(sys.stdout, heads, rows)


def note_failures(failed: Sequence[tuple[str, str]]) -> None:
    """Print sources and the reasons why they failed to stderr: a table, or a line each."""
    if sys.stderr.isatty():
        _print_table(sys.stderr, ("source", "reason"), failed)
        return
    for source, reason in failed:
        note(f"{source}: {reason}")


def _print_table(stream: TextIO, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream, width=None if stream.isatty() else _UNWRAPPED, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(line(cell)) for cell in row))
    console.print(table)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on stderr with counts, rate and remaining time, and how to move it.

    Silent when stderr is not a terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def move(done: int, total: int, source: str) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:,.1f}/s" if speed else ""
            bar.update(task, completed=done, total=total, description=line(source), rate=rate)

        yield move


@contextmanager
def under_way() -> Iterator[Callable[[str], None]]:
    """A line on stderr that shows what is being done, and how to change it; only in a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status("") as shown:
        yield lambda words: shown.update(Text(line(words)[-console.width + 4 :], "dim"))
