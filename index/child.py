"""The process in which files are parsed: it reads jobs, and dies rather than exceed its limits.

It is started by `index.worker` alone. A job is a line of JSON and then the file's bytes; each
document or failure is one line of JSON back, and so is the end of a job.
"""

import json
import math
import os
import signal
import sys
from dataclasses import asdict
from time import process_time
from typing import Any, BinaryIO

_SPENT = 400_000_000  # bytes of memory still in use, with which a fresh process is better
_FILE_LIMIT = 5_000_000  # bytes
MORE_TIME = 0.5  # seconds that each document gives to the rest of its file: archives are long
TOO_LARGE = "needs too much memory to read (over 1 GB); save it as plain text"
_ORPHAN_LIMIT = 600  # seconds; the parent ends us long before, unless it was killed


def main() -> None:
    """Serve jobs until the input ends.

    The arguments are the most bytes of memory to use, and the seconds of processor time for a job.
    """
    memory, seconds = map(int, sys.argv[1:])
    _limit(memory)
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # libraries may print
    while line := jobs.readline():
        head = json.loads(line)
        size = head.pop("size")
        data = jobs.read(size)
        if len(data) < size or not _serve(head, data, answers, seconds):
            break


def _limit(memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A parser has nothing to write; the interpreter may keep compiled modules.
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_LIMIT, _FILE_LIMIT))


def _serve(head: dict[str, Any], data: bytes, answers: BinaryIO, seconds: int) -> bool:
    """Answer one job; tells whether this process is good for another."""
    from index.article import Document
    from index.formats.kinds import LISTS
    from index.formats.listing import read_listing
    from index.formats.read import Job, read

    _alarm(_ORPHAN_LIMIT)
    healthy = True
    end = process_time() + seconds
    _allow(end)
    try:
        named = head["kind"] in LISTS
        job = Job(data=data, **head)
        for item in read_listing(data, head["kind"], job.name) if named else read(job):
            _answer(answers, {type(item).__name__: asdict(item)})
            if isinstance(item, Document):  # more time for long archives, but no more for one part
                end += MORE_TIME
                _allow(min(end, process_time() + seconds))
    except MemoryError:
        healthy = False
        _answer(answers, {"LoadFailure": {"source": head["source"], "reason": TOO_LARGE}})
    healthy = healthy and not _is_spent()
    _answer(answers, {"end": healthy})
    _alarm(0)
    return healthy


def _answer(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()


def _allow(end: float) -> None:
    """Have the system end this process when it has used more processor time than this."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(end), resource.RLIM_INFINITY))


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _is_spent() -> bool:
    """Tell whether memory is left in use; where the system does not say, it is not."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  # for each job
            pages = int(file.read().split()[1])
    except OSError:
        return False
    return pages * os.sysconf("SC_PAGE_SIZE") > _SPENT


if __name__ == "__main__":
    main()
