"""Who wants an answer to stop: one mark for each visitor whose question is being answered."""

from threading import Event, Lock


class Stops:
    """Marks by session; safe to use from several threads."""

    def __init__(self) -> None:
        self._marks: dict[str, Event] = {}
        self._lock = Lock()

    def begin(self, session: str) -> Event:
        """A fresh mark for the question that this session has just asked."""
        with self._lock:
            self._marks[session] = Event()
            return self._marks[session]

    def stop(self, session: str) -> None:
        """Stop what this session asked; nothing happens where nothing is under way."""
        with self._lock:
            if session in self._marks:
                self._marks[session].set()

    def end(self, session: str, mark: Event) -> None:
        """Forget the mark, unless a newer question has taken its place."""
        with self._lock:
            if self._marks.get(session) is mark:
                del self._marks[session]
