"""The parent's side of parsing in a child process: start it, time it, replace it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any

from index.article import Document, Metadata
from index.child import MORE_TIME
from index.failure import LoadFailure
from index.formats.read import Job
from index.listed import Listed

TIME_LIMIT = 18  # seconds of processor time for a file or a part of an archive: 20 with all else
MEMORY_LIMIT = 1_000_000_000  # bytes of address space
_PATIENCE = 3  # times that limit by the clock: a busy machine must not fail good files
_ANSWER_LIMIT = 200_000_000  # bytes of one line: six for each character that is not ASCII
_ROOT = Path(__file__).resolve().parent.parent
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP")  # no keys, no settings

Found = Document | LoadFailure | Listed

_SLOW = f"takes longer than {TIME_LIMIT} s to read; save it as plain text"
_BROKEN = "breaks the reader of its format; check the file, or save it as plain text"


class Worker:
    """Runs jobs in one child process after the other; safe to use from several threads."""

    def __init__(self, time_limit: int = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = RLock()

    def run(self, job: Job) -> list[Found]:
        """Give what the reader of a job's format gives; a failure where it had to be ended."""
        with self._lock:
            healthy = False
            try:
                found, reason = self._run(job)
                healthy = reason is None
            finally:
                if not healthy:
                    self.close()
            return [*found, LoadFailure(job.source, reason)] if reason else found

    def close(self) -> None:
        """End the child process; the next job starts another."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    _close(stream)

    def _run(self, job: Job) -> tuple[list[Found], str | None]:
        process = self._started()
        watch = _Watch(process, _PATIENCE * self._time_limit)
        found: list[Found] = []
        try:
            _send(process, job)
            for message in _messages(process):
                if "end" in message:
                    if not message["end"]:
                        self.close()
                    return found, None
                item = _item(message)
                found.append(item)
                if isinstance(item, Document):
                    watch.extend(_PATIENCE * MORE_TIME)
        except (OSError, ValueError, KeyError, TypeError):  # it died, or does not speak sense
            pass
        finally:
            watch.stop()
        return found, _SLOW if watch.expired or _is_out_of_time(process) else _BROKEN

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.close()
            limits = (str(self._memory_limit), str(self._time_limit))
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-P", "-m", "index.child", *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd=_ROOT,
            )
        return self._process


class _Watch:
    """Kills a process at a deadline that can be moved."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        self.expired = False
        self._process = process
        self._seconds = seconds
        self._deadline = self._last = monotonic() + seconds
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def extend(self, seconds: float) -> None:
        """Give more time; no step may take longer than the limit, however much is left."""
        self._last += seconds
        self._deadline = min(self._last, monotonic() + self._seconds)

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(max(0.0, self._deadline - monotonic())):
            if monotonic() >= self._deadline:
                self.expired = True
                self._process.kill()
                return


def _is_out_of_time(process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether the system ended a process for the processor time it used."""
    process.kill()
    return process.wait() == -getattr(signal, "SIGXCPU", 0)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(_ROOT)}


def _close(stream: Any) -> None:
    with suppress(OSError):  # what was left to write has no reader any more
        stream.close()


def _send(process: "subprocess.Popen[bytes]", job: Job) -> None:
    assert process.stdin is not None
    head = {
        "kind": job.kind,
        "name": job.name,
        "source": job.source,
        "media_type": job.media_type,
        "fields": dict(job.fields),
        "size": len(job.data),
    }
    process.stdin.write(json.dumps(head).encode() + b"\n")
    process.stdin.write(job.data)
    process.stdin.flush()


def _messages(process: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    while line := process.stdout.readline(_ANSWER_LIMIT):
        yield json.loads(line)


def _item(message: Mapping[str, Any]) -> Found:
    if "LoadFailure" in message:
        return LoadFailure(**message["LoadFailure"])
    if "Listed" in message:
        values = dict(message["Listed"])
        return Listed(**{**values, "metadata": Metadata(**values["metadata"])})
    values = dict(message["Document"])
    return Document(
        values["source"], values["text"], Metadata(**values["metadata"]), tuple(values["pages"])
    )
