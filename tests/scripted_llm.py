"""A real OpenAI-compatible server on this machine that gives set answers."""

import json
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import running

USAGE = {"prompt_tokens": 100, "completion_tokens": 2, "total_tokens": 102}
ASKED = re.compile(r"\nStatement: ([^\n]*)\nContext:\n(.*)\nVerdict: $", re.DOTALL)


def words(text):
    return set(re.findall(r"\w+", text.lower()))


def knows_words(prompt):
    """A judge with meaning: the context supports a statement whose words all stand in it."""
    statement, context = ASKED.search(prompt).groups()
    return "YES" if words(statement) <= words(context) else "NO"


class ScriptedLLM:
    """`answers` is a function of the prompt, or a list replayed in order, the last one for ever.

    An answer is a text, or a pair of status and body. `requests` holds what was asked.
    """

    def __init__(self, address, answers, usage):
        self.address = address
        self.spec = f"{address}/v1#judge-1"
        self.answers = answers
        self.usage = usage
        self.requests = []

    @property
    def prompts(self):
        return [each["messages"][-1]["content"] for each in self.requests]

    def answer(self, path, headers, request):
        request["path"], request["key"] = path, headers["Authorization"]
        self.requests.append(request)
        prompt = request["messages"][-1]["content"]
        if callable(self.answers):
            answer = self.answers(prompt)
        else:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, tuple) else (200, self._completion(answer))

    def _completion(self, text):
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        head = {"id": "1", "object": "chat.completion", "created": 1, "model": "judge-1"}
        return {**head, "choices": [choice], **({"usage": self.usage} if self.usage else {})}


@contextmanager
def scripted_llm(answers=knows_words, usage=USAGE):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            if not self.path.endswith("/chat/completions"):
                self.send_error(404)
                return
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = llm.answer(self.path, self.headers, request)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            kind = "text/html" if isinstance(body, bytes) else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        llm = ScriptedLLM(f"http://127.0.0.1:{server.server_port}", answers, usage)
        with running(server):
            yield llm
