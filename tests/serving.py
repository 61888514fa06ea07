"""Real servers for tests that speak HTTP to them: the whole, or the site without its page."""

import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from threading import Thread

READY = re.compile(r"Dateline is at (http://127\.0\.0\.1:\d+) \(Ctrl-C stops it\)\n")


@contextmanager
def running(server):
    """Let a server of the standard library answer from a thread of its own until the end."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def serving(engine, port=0, password=None):
    """Serve the engine that the expression `engine` makes; yields the process and its address."""
    code = (
        "from tests.fake_engine import *\n"
        "from tests.steered_engine import *\n"
        "from tests.page_engine import PageEngine\n"
        "from ui import server\n"
        "from ui.guards.password import Password\n"
        f"password = {password!r} and Password.parse({password!r})\n"
        f"server.serve({engine}, '127.0.0.1', {port}, password)"
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


@contextmanager
def site_serving(desk, password=None, host="127.0.0.1"):
    """Serve all but the page from this process, which need not load Gradio; yields the address.

    `host` is what the guards take the server's address to be.
    """
    import uvicorn

    from ui.guards.around import guarded
    from ui.guards.gate import Keeper
    from ui.guards.password import Password
    from ui.site import build_site

    keeper = Keeper(Password.parse(password)) if password else None
    app = guarded(build_site(desk, keeper), host, keeper)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=1)
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
