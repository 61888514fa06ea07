"""A real server in a process of its own, for tests that speak HTTP to it."""

import re
import subprocess
import sys
from contextlib import contextmanager

READY = re.compile(r"Dateline is at (http://127\.0\.0\.1:\d+) \(Ctrl-C stops it\)\n")


@contextmanager
def serving(engine, port=0):
    """Serve the engine that the expression `engine` makes; yields the process and its address."""
    code = (
        "from tests.fake_engine import *\n"
        "from ui import server\n"
        f"server.serve({engine}, '127.0.0.1', {port})"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            ready = process.stderr.readline()
            address = READY.fullmatch(ready)
            assert address, ready + process.stderr.read()
            yield process, address[1]
        finally:
            process.terminate()
