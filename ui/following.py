"""Follow long work step by step from a generator, without holding the work up."""

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

Step = TypeVar("Step")
_PAUSE = 0.1  # seconds between two steps that are shown


def following(work: Callable[[Callable[[Step], None]], None]) -> Iterator[Step]:
    """What `work` tells while it runs in a thread of its own: the newest each time, at last the
    last. Then its error is raised, if it ended with one.

    Work goes on when nobody follows it any more: a page that is closed loses no upload.
    """
    told: SimpleQueue[Step] = SimpleQueue()
    failed: list[Exception] = []

    def run() -> None:
        try:
            work(told.put)
        except Exception as error:  # noqa: BLE001  # raised where the work is followed
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_PAUSE)
        yield from _newest(told)
    yield from _newest(told)
    if failed:
        raise failed[0]


def _newest(told: "SimpleQueue[Step]") -> Iterator[Step]:
    newest: list[Step] = []
    while True:
        try:
            newest = [told.get_nowait()]
        except Empty:
            break
    yield from newest
