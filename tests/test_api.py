"""The JSON interface on a real server: answers, streams, refusals, limits."""

import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import httpx
import pytest

from index.article import Filters
from index.errors import LLMError
from tests.fake_engine import FakeEngine, hostile_engine
from tests.serving import site_serving
from tests.steered_engine import SteeredEngine
from ui.doors.desk import Desk

QUESTION = "How many foreign fighters did the UN estimate?"
ASKED = json.dumps({"question": QUESTION}).encode()
JSON = {"Content-Type": "application/json"}
BACKWARDS = {"published_from": "2021-01-02", "published_to": "2021-01-01"}


@pytest.fixture(scope="module")
def client(samples):
    with (
        site_serving(Desk(samples)) as address,
        httpx.Client(base_url=address, timeout=60) as connected,
    ):
        yield connected


@pytest.fixture
def serve():
    """Serve an engine; the client does not wait for ever."""
    with ExitStack() as stack:

        def start(engine, **limits):
            address = stack.enter_context(site_serving(Desk(engine, **limits)))
            return stack.enter_context(httpx.Client(base_url=address, timeout=30))

        yield start


def untimed(answer):
    return {name: value for name, value in answer.items() if name not in {"seconds", "timings"}}


def events_of(response):
    """(name, data) of each server-sent event."""
    told = [block.split("\n") for block in response.text.strip().split("\n\n")]
    assert all(re.match("event: ", one) and re.match("data: ", two) for one, two in told)
    return [(one[7:], json.loads(two[6:])) for one, two in told]


def test_an_answer_is_the_engines_answer(client, samples):
    response = client.post("/api/ask", json={"question": QUESTION})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert untimed(response.json()) == untimed(samples.ask(QUESTION).to_dict())
    for citation in response.json()["citations"]:
        text = samples.article(citation["article"]["id"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"stream": True}, {}), ({}, {"Accept": "text/event-stream"})],
    ids=["by field", "by header"],
)
def test_a_stream_gives_passages_then_text_then_the_answer(client, body, headers):
    response = client.post("/api/ask", json={"question": QUESTION, **body}, headers=headers)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    (first, passages), *texts, (last, answer) = events_of(response)
    assert (first, last) == ("passages", "answer")
    assert passages["passages"] == answer["passages"]
    assert {name for name, _ in texts} == {"text"}
    assert "".join(data["text"] for _, data in texts) == answer["text"]
    assert answer["short_answer"] == "at least 20,000"


def test_an_answer_tells_how_it_came_about_only_when_asked(client):
    for body in ({}, {"stream": True}):
        asked = {"question": QUESTION, **body}
        plain, told = (
            client.post("/api/ask", json={**asked, "explain": explain}) for explain in (False, True)
        )
        plain, told = (events_of(each)[-1][1] if body else each.json() for each in (plain, told))
        assert "trace" not in plain
        assert told["trace"]["searched"]
        assert len(told["trace"]["retrieved"]) >= len(told["passages"])


def test_passages_are_the_engines_passages(client, samples):
    response = client.post("/api/retrieve", json={"question": QUESTION, "top_k": 3})
    found = response.json()["passages"]
    assert [each["text"] for each in found] == [
        passage.text for passage in samples.retrieve(QUESTION, 3)
    ]
    assert [each["score"] for each in found] == sorted((e["score"] for e in found), reverse=True)


def test_filters_keep_other_outlets_and_days_out(client):
    filters = {"publishers": ["Harbour Wire"], "published_to": "2020-12-31"}
    asked = {"question": QUESTION, "filters": filters}
    cited = client.post("/api/ask", json=asked).json()["citations"]
    found = client.post("/api/retrieve", json=asked).json()["passages"]
    assert cited
    for each in (*cited, *found):
        assert each["article"]["publisher"] == "Harbour Wire"
        assert each["article"]["published"] <= "2020-12-31"


def test_the_conversation_reaches_the_engine_and_nobody_elses(serve):
    engine = FakeEngine()
    client = serve(engine)
    turn = {"question": "Who is the envoy?", "answer": "Stephanie Williams. [1]"}
    client.post("/api/ask", json={"question": QUESTION, "history": [turn]})
    client.post("/api/ask", json={"question": QUESTION})
    assert engine.histories == [(("Who is the envoy?", "Stephanie Williams. [1]"),), ()]


@pytest.mark.parametrize(
    ("body", "status", "code", "told"),
    [
        ({"question": " "}, 400, "bad_question", "The question is empty."),
        ({"question": "?!"}, 400, "bad_question", "holds no word"),
        ({"question": "x" * 2001}, 400, "bad_question", "2,001 characters; the most is 2,000."),
        ({}, 422, "invalid", "question: Field required"),
        ({"question": 5}, 422, "invalid", "question: Input should be a valid string"),
        ({"question": "x", "topk": 5}, 422, "invalid", "topk: Extra inputs are not permitted"),
        ({"question": "x", "filters": {"outlet": "y"}}, 422, "invalid", "filters.outlet: Extra"),
        (
            {"question": "x", "filters": {"published_from": "yesterday"}},
            422,
            "invalid",
            "filters.published_from: Value error, a date looks like 2020-12-31",
        ),
        (
            {"question": "x", "filters": {"published_from": 20201231}},
            422,
            "invalid",
            "filters.published_from: Input should be a valid string",
        ),
        (
            {"question": "x", "filters": BACKWARDS},
            422,
            "invalid",
            "published_from is later than published_to",
        ),
        ({"question": "x", "history": [{}] * 51}, 422, "invalid", "history: List should have at"),
    ],
)  # fmt: skip
def test_a_bad_question_gets_one_line_and_its_status(client, body, status, code, told):
    for headers in ({}, {"Accept": "text/event-stream"}):
        response = client.post("/api/ask", json=body, headers=headers)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/json"
        error = response.json()["error"]
        assert error["code"] == code
        assert told in error["message"]
        assert "\n" not in response.text


@pytest.mark.parametrize("top_k", [0, 101, "all", None])
def test_the_number_of_passages_has_bounds(client, top_k):
    response = client.post("/api/retrieve", json={"question": QUESTION, "top_k": top_k})
    assert response.status_code == 422
    assert "top_k: Input should be" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"question": "\\ud800"}']
)
def test_what_is_no_json_is_told_so(client, content):
    response = client.post(
        "/api/ask", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code in {400, 422}
    assert response.json()["error"]["type"] == "invalid_request_error"


def test_only_json_is_taken_so_that_no_form_elsewhere_can_ask(client):
    asked = json.dumps({"question": QUESTION})
    response = client.post("/api/ask", content=asked, headers={"Content-Type": "text/plain"})
    assert response.status_code == 422


@pytest.mark.parametrize("path", ["/api/nothing", "/v1/embeddings", "/api/ask"])
def test_an_address_that_is_none_is_told_in_the_same_form(client, path):
    response = client.get(path)
    assert response.status_code == 404
    error = response.json()["error"]
    assert error["code"] == "not_found"
    assert error["message"] == f"There is no GET {path}. See /api."


def test_a_request_that_is_too_large_is_refused_before_it_is_read(client):
    def pieces():
        for _ in range(11):
            yield b" " * 100_000

    for content in (b" " * 1_000_001, pieces()):
        response = client.post(
            "/api/ask", content=content, headers={"Content-Type": "application/json"}
        )
        assert response.status_code == 413
        assert response.json()["error"] == {
            "message": "The request is too large: 1,000,000 bytes are the most.",
            "type": "invalid_request_error",
            "param": None,
            "code": "too_large",
        }


def test_a_request_that_never_comes_whole_is_given_up(client, monkeypatch):
    monkeypatch.setattr("ui.guards.body._SECONDS", 0.1)
    with raw_request(client, "/api/ask", b"{", length=10) as sent:
        told = sent.makefile("rb").read()
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"did not come whole in time" in told


def test_files_are_limited_by_their_stated_length(client):
    with raw_request(client, "/gradio_api/upload", b"", length=64_000_001) as sent:
        told = sent.makefile("rb").read()
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"64,000,000 bytes are the most" in told
    unstated = client.post("/gradio_api/upload", content=iter([b"x"]))
    assert unstated.status_code == 411


def test_more_than_fit_in_the_line_are_told_to_come_back(serve):
    engine = SteeredEngine()
    client = serve(engine, at_once=1, waiting=1)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(until_admitted, client) for _ in range(2)]
        engine.wait_begun()
        for path in ("/api/ask", "/api/retrieve"):
            busy = until_busy(client, path)
            assert busy.headers["retry-after"] == "2"
            assert busy.json()["error"]["code"] == "busy"
            assert "busy" in busy.json()["error"]["message"]
        engine.finish.set()
        answers = [each.result().json() for each in asked]
    assert [answer["answered"] for answer in answers] == [True, True]
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200


def until_admitted(client):
    """Ask until the line has room: a question of `until_busy` may stand in it for a moment."""
    while (response := client.post("/api/ask", json={"question": QUESTION})).status_code == 503:
        pass
    return response


def until_busy(client, path):
    """The first answer that says busy: the second question may not have come in yet."""
    while True:
        with suppress(httpx.ReadTimeout):
            response = client.post(path, json={"question": QUESTION}, timeout=0.5)
            if response.status_code == 503:
                return response


def test_twenty_at_once_each_get_their_own_answer(serve):
    client = serve(FakeEngine())
    questions = [
        f"How many foreign fighters did the UN envoy name in Libya? {n}" for n in range(20)
    ]

    def ask(question):
        return client.post("/api/ask", json={"question": question}).json()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(ask, questions))
    assert [answer["question"] for answer in answers] == questions
    assert all(answer["answered"] for answer in answers)


def test_an_answer_that_takes_too_long_is_given_up(serve):
    engine = SteeredEngine()
    client = serve(engine, seconds=0.2)
    late = client.post("/api/ask", json={"question": QUESTION})
    assert late.status_code == 504
    assert late.json()["error"]["code"] == "timeout"
    engine.wait_closed()


def test_the_work_stops_when_the_client_of_a_stream_leaves(serve):
    engine = SteeredEngine()
    client = serve(engine)
    asked = {"question": QUESTION, "stream": True}
    with client.stream("POST", "/api/ask", json=asked) as response:
        assert next(response.iter_lines()) == "event: passages"
    engine.wait_closed()


def test_the_work_stops_when_the_client_of_an_answer_leaves(serve):
    engine = SteeredEngine()
    client = serve(engine)
    with raw_request(client, "/api/ask", ASKED):
        engine.wait_begun()
    engine.wait_closed()


def test_who_leaves_the_line_makes_room(serve):
    engine = SteeredEngine()
    client = serve(engine, at_once=1, waiting=1)
    with raw_request(client, "/api/ask", ASKED):
        engine.wait_begun()
        with raw_request(client, "/api/ask", ASKED):
            until_busy(client, "/api/ask")
        with pytest.raises(httpx.ReadTimeout):  # no "busy" any more: it waits
            ask_while_busy(client)
        engine.finish.set()


def ask_while_busy(client):
    while client.post("/api/ask", content=ASKED, headers=JSON, timeout=2).status_code == 503:
        pass


def raw_request(client, path, body, length=None):
    """A connection on which a request has been sent; leaving it goes away without an answer."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {client.base_url.netloc.decode()}\r\n"
        "Content-Type: application/json\r\nConnection: close\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    at = (client.base_url.host, client.base_url.port)
    connection = socket.create_connection(at, timeout=30)
    connection.sendall(head.encode() + body)
    return connection


class Failing(FakeEngine):
    """Fails half-way: as a model does, or by a bug."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def stream(self, question, history=(), filters=None):
        events = super().stream(question, history, filters)
        yield next(events)
        yield next(events)
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (LLMError("The model is not there. Start it."), 502, "The model is not there. Start it."),
        (
            ZeroDivisionError("secret"),
            500,
            "Something went wrong in the server; its log says what.",
        ),
    ],
)
def test_a_failure_half_way_is_the_last_event_and_a_status_without_a_stream(
    serve, error, status, told
):
    client = serve(Failing(error))
    whole = client.post("/api/ask", json={"question": QUESTION})
    assert (whole.status_code, whole.json()["error"]["message"]) == (status, told)
    streamed = client.post("/api/ask", json={"question": QUESTION, "stream": True})
    assert [name for name, _ in events_of(streamed)] == ["passages", "text", "error"]
    assert events_of(streamed)[-1][1] == whole.json()


def test_hostile_words_stay_data(serve):
    client = serve(hostile_engine())
    asked = {"question": "What did foreign fighters say about Libya?"}
    answer = client.post("/api/ask", json=asked).json()
    engine_answer = hostile_engine().ask(asked["question"]).to_dict()
    assert untimed(answer) == untimed(engine_answer)
    streamed = events_of(client.post("/api/ask", json={**asked, "stream": True}))
    assert streamed[-1][1]["citations"] == answer["citations"]


def test_filters_reach_the_engine_in_its_own_form(serve):
    class Filtering(FakeEngine):
        def retrieve(self, question, top_k=10, filters=None):
            self.filters = filters
            return super().retrieve(question, top_k)

    engine = Filtering()
    filters = {"publishers": ["A", "B"], "published_from": "20200102"}
    serve(engine).post("/api/retrieve", json={"question": QUESTION, "filters": filters})
    assert engine.filters == Filters(("A", "B"), "2020-01-02", None)


def test_the_page_for_programs_tells_every_address_and_needs_nothing_from_elsewhere(client):
    page = client.get("/api")
    schema = client.get("/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page.text
    assert "<code>top_k</code> (integer from 1 to 100, may be left out)" in page.text
    assert set(schema["paths"]) == {
        "/api/ask",
        "/api/retrieve",
        "/v1/models",
        "/v1/models/{name}",
        "/v1/chat/completions",
    }
    assert not re.search(r"https?://|<script|<img|<link", page.text)
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
