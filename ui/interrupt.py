"""Ctrl-C during a long run: the first finishes the current article, the second stops at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ui import console

EXIT_CODE = 130  # what shells expect of a command that was interrupted


class Stopped(SystemExit):
    """The end of a command that finished its current article and said how to go on."""

    def __init__(self) -> None:
        super().__init__(EXIT_CODE)


@contextmanager
def finishing() -> Iterator[Callable[[], bool]]:
    """Within this, Ctrl-C only asks to stop; gives the function that says whether it did."""
    asked = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)
        console.note("Finishing the current article; Ctrl-C again stops at once.")

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set  # only the main thread may handle signals
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
