"""Engines that work until they are told to finish, and say when their work was closed."""

import time
from threading import Event, Semaphore

from rag.answer import Draft, Retrieved
from tests.fake_engine import FakeEngine

_PATIENCE = 30  # seconds after which a test has failed anyway


class SteeredEngine(FakeEngine):
    """Each question gives passages and then drafts until `finish` is set.

    `begun` is released when a question's work begins, `closed` when it has ended in any way.
    """

    def __init__(self):
        super().__init__()
        self.finish = Event()
        self.begun = Semaphore(0)
        self.closed = Semaphore(0)

    def stream(self, question, history=(), filters=None):
        self.begun.release()
        try:
            yield Retrieved(())
            while not self.finish.wait(0.02):
                yield Draft("Still writing")
            yield from super().stream(question, history, filters)
        finally:
            self.closed.release()

    def wait_begun(self):
        assert self.begun.acquire(timeout=_PATIENCE), "no work began"

    def wait_closed(self):
        assert self.closed.acquire(timeout=_PATIENCE), "the work was not closed"


class EndlessEngine(FakeEngine):
    """A question that asks for ever is never answered."""

    def stream(self, question, history=(), filters=None):
        while "for ever" in question:
            yield Draft("Still writing")
            time.sleep(0.02)
        yield from super().stream(question, history, filters)
