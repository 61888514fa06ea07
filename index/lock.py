"""One writer per home, for as long as its process lives."""

from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import HomeBusy, HomeError


class WriterLock:
    """A lock that the system drops when its holder dies, however it dies."""

    def __init__(self, home: Path) -> None:
        self._home = home
        # Not thread-local: a home is closed by another thread than the one that wrote.
        self._lock = FileLock(home / "writer.lock", timeout=0, thread_local=False)

    @property
    def held(self) -> bool:
        """Whether this home object is the writer."""
        return self._lock.is_locked

    def acquire(self) -> None:
        """Become the writer until `release`. Raises HomeBusy when another one is at work."""
        if self.held:
            return
        try:
            self._lock.acquire()
        except Timeout as error:
            raise HomeBusy(
                f"Another process is writing to {self._home}. Wait until it is done, or stop it."
            ) from error
        except OSError as error:
            raise HomeError(
                f"{self._home} cannot be written ({error.strerror}). Check its permissions."
            ) from error

    def release(self) -> None:
        """Let others write."""
        self._lock.release()
