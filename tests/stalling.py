"""A server that takes a request and then does only what it is told to, byte by byte."""

import socket
from contextlib import contextmanager
from threading import Event, Thread

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n"
STREAM = HEAD % b"text/event-stream"
DOCUMENT = HEAD % b"application/json"
LONGEST = 60  # seconds; far more than the tests wait


def event(words):
    """One piece of a streamed answer, as OpenAI's API sends it."""
    return b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",' + (
        b'"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n' % words.encode()
    )


@contextmanager
def stalling_server(first=b"", again=b"", every=0.05):
    """Answers each request with `first`, then `again` for ever (nothing if empty).

    Yields the address of its API and the list of requests' first lines.
    """
    stop = Event()
    requests = []

    def answer(connection):
        with connection:
            requests.append(connection.recv(65536).split(b"\r\n")[0].decode())
            try:
                connection.sendall(first)
                for _ in range(round(LONGEST / every)):
                    if stop.wait(every):
                        return
                    connection.sendall(again)
            except OSError:  # whoever asked has left
                pass

    def accept(listener):
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            threads.append(Thread(target=answer, args=[connection]))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        threads = [Thread(target=accept, args=[listener])]
        threads[0].start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", requests
        finally:
            stop.set()
            for thread in threads:
                thread.join()
