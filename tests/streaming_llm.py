"""A real OpenAI-compatible server on this machine that streams set texts, or fails in set ways."""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import running

USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
WORDS = 3  # characters of a streamed piece


def _chunk(delta, finish=None, usage=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "writer-1"}
    return {**head, "choices": [choice], **({"usage": usage} if usage else {})}


def says(text):
    """Streams a text in small pieces, then what was used."""

    def act(handler, _):
        handler.begin()
        for start in range(0, len(text), WORDS):
            handler.event(_chunk({"content": text[start : start + WORDS]}))
        handler.event(_chunk({}, "stop", USAGE))
        handler.wfile.write(b"data: [DONE]\n\n")

    return act


def breaks_off(text):
    """Streams a text and drops the connection in the middle of an event."""

    def act(handler, _):
        handler.begin(chunked=True)
        handler.chunk(b"data: " + json.dumps(_chunk({"content": text})).encode() + b"\n\n")
        handler.chunk(b'data: {"id": "1", "choi')
        handler.connection.shutdown(socket.SHUT_RDWR)

    return act


def fails(status, message, code=None, headers=()):
    """Answers with an error as OpenAI words it."""

    def act(handler, _):
        body = json.dumps({"error": {"message": message, "code": code}}).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def babbles(body):
    """Answers with bytes that are no answer of OpenAI's API."""

    def act(handler, _):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return act


def stalls(after=""):
    """Streams a text and then nothing, until the other side has gone; `server.left` tells when."""

    def act(handler, server):
        handler.begin()
        if after:
            handler.event(_chunk({"content": after}))
        server.waiting.set()
        handler.connection.settimeout(20)
        if handler.connection.recv(1) == b"":
            server.left.set()

    return act


class StreamingLLM:
    """`acts` are done in order, the last one for ever; `requests` holds what was asked."""

    def __init__(self, port, acts):
        self.spec = f"http://127.0.0.1:{port}/v1#writer-1"
        self.acts = list(acts)
        self.requests = []
        self.waiting = threading.Event()
        self.left = threading.Event()

    @property
    def prompts(self):
        return ["\n".join(m["content"] for m in each["messages"]) for each in self.requests]

    def next_act(self):
        return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]


@contextmanager
def streaming_llm(*acts):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            llm.requests.append(request)
            self.close_connection = True
            llm.next_act()(self, llm)

        def begin(self, chunked=False):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            if chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Connection", "close")
            self.end_headers()

        def chunk(self, data):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

        def event(self, chunk):
            self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            self.wfile.flush()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        llm = StreamingLLM(server.server_port, acts)
        with running(server):
            yield llm
