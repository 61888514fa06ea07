"""The page's parts: what a question leads to, what the server sends and what it refuses."""

import re
import signal
import socket
from dataclasses import replace
from http.client import HTTPConnection

import httpx
import pytest

import rag
from index.errors import LLMError
from tests.fake_engine import FakeEngine
from tests.serving import serving
from tests.streaming_llm import stalls, streaming_llm
from ui import chat
from ui.stops import Stops
from ui.turns import Choices

QUESTION = "How many foreign fighters are in Libya?"
ODD_ID = "a/b c?d#é"


@pytest.fixture(scope="module")
def client():
    engine = f"FakeEngine((*ARTICLES, article({ODD_ID!r}, 'Its text.')))"
    with serving(engine) as (_, address), httpx.Client(base_url=address) as connected:
        yield connected


def words_of(html):
    return re.sub(r"<[^>]+>", "", html)


def test_an_answer_comes_as_passages_then_words_then_citations():
    views = list(chat.respond(FakeEngine(), QUESTION, ()))
    assert "Reading 3 passages …" in words_of(views[0].conversation)
    assert "href" not in "".join(view.conversation for view in views[:-1])
    assert all(QUESTION in words_of(view.conversation) for view in views)
    assert "/article/wire-1?revision=1&amp;start=19&amp;end=" in views[-1].conversation
    assert [view.turns for view in views[:-1]] == [()] * (len(views) - 1)
    assert [turn.answer.question for turn in views[-1].turns] == [QUESTION]


def test_the_box_is_emptied_once_so_that_the_next_question_can_be_typed():
    views = list(chat.respond(FakeEngine(), QUESTION, ()))
    assert [view.box for view in views] == ["", *[None] * (len(views) - 1)]


def test_earlier_turns_stay_and_are_passed_on_as_history():
    engine = FakeEngine()
    *_, first = chat.respond(engine, QUESTION, ())
    *_, second = chat.respond(engine, "Who won the chess final?", first.turns)
    assert engine.histories == [(), ((QUESTION, first.turns[0].answer.text),)]
    told = words_of(second.conversation)
    assert told.index(QUESTION) < told.index("Who won the chess final?")
    assert [turn.answer.answered for turn in second.turns] == [True, False]


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        (" ", "The question is empty: type one."),
        ("x" * 2001, "The question has 2,001 characters; 2,000 is the most."),
    ],
)
def test_a_question_that_cannot_be_asked_stays_in_the_box_under_a_clear_line(question, notice):
    *_, asked = chat.respond(FakeEngine(), QUESTION, ())
    *_, view = chat.respond(FakeEngine(), question, asked.turns)
    assert words_of(view.notice) == notice
    assert view == replace(asked, box=question, notice=view.notice, status="")


@pytest.mark.parametrize(
    ("days", "notice"),
    [
        (("31.12.2020", None), "31.12.2020 is not a date. Write it as 2020-12-31."),
        (
            ("2021-01-02", "2021-01-01"),
            "2 January 2021 is later than 1 January 2021: exchange the dates.",
        ),
    ],
)
def test_a_limit_that_makes_no_sense_is_said_before_anything_is_asked(days, notice):
    engine = FakeEngine()
    chosen = Choices(published_from=days[0], published_to=days[1])
    *_, view = chat.respond(engine, QUESTION, (), chosen)
    assert (words_of(view.notice), view.box, view.turns) == (notice, QUESTION, ())
    assert engine.histories == []


def test_an_answer_is_asked_for_as_the_settings_say_and_remembers_them():
    engine = FakeEngine()
    chosen = Choices(("Eastbay Courier",), quoting=True, strict=True, passages=5)
    *_, view = chat.respond(engine, QUESTION, (), chosen)
    assert engine.variants == [{"quoting": True, "strict": True, "passages": 5}]
    assert view.turns[0].choices == chosen
    cited = view.turns[0].answer.citations
    assert {one.article.publisher for one in cited} == {"Eastbay Courier"}


def test_stopping_drops_the_request_and_keeps_the_question(samples):
    with (
        streaming_llm(stalls("The United Nations estimates 20,000 foreign fighters")) as llm,
        rag.connect(samples.home, llm=llm.spec) as engine,
    ):
        views = list(
            chat.respond(engine, "How many foreign fighters?", (), stopped=llm.waiting.is_set)
        )
        assert llm.left.wait(1), "the request went on"
    last = views[-1]
    assert all(view.under_way for view in views[:-1])
    assert (last.under_way, last.turns, last.box) == (False, (), "How many foreign fighters?")
    assert "Stopped. This is not the whole answer" in words_of(last.conversation)
    assert "Being written" not in last.conversation


def test_closing_the_page_in_the_middle_of_an_answer_drops_the_request(samples):
    with (
        streaming_llm(stalls("The United Nations estimates")) as llm,
        rag.connect(samples.home, llm=llm.spec) as engine,
    ):
        views = chat.respond(engine, "How many foreign fighters?", ())
        while not llm.waiting.is_set():
            next(views)
        views.close()
        assert llm.left.wait(1), "the request went on"


def test_stopping_reaches_the_question_of_its_own_session_only():
    stops = Stops()
    mine, yours = stops.begin("me"), stops.begin("you")
    stops.stop("me")
    assert (mine.is_set(), yours.is_set()) == (True, False)
    newer = stops.begin("me")
    stops.end("me", mine)
    stops.stop("me")
    assert newer.is_set()
    stops.end("me", newer)
    stops.stop("me")
    stops.stop("nobody")


def test_a_model_that_fails_half_way_leaves_no_half_answer():
    class Failing(FakeEngine):
        def stream(self, question, history=(), filters=None):
            events = super().stream(question, history, filters)
            yield next(events)
            yield next(events)
            raise LLMError("The model at http://localhost:1 does not answer: start it.")

    *_, view = chat.respond(Failing(), QUESTION, ())
    assert words_of(view.notice) == "The model at http://localhost:1 does not answer: start it."
    assert view.conversation == ""
    assert view.box == QUESTION


def test_the_page_comes_with_a_policy_that_keeps_other_origins_out(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "<title>Dateline</title>" in page.text or '"title":"Dateline"' in page.text
    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert not re.search(r"https?:|\*", page.headers["content-security-policy"])
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_no_style_names_a_font_elsewhere(client):
    # The one address in the style sheet is the name of SVG inside a data address.
    assert "fonts.g" not in client.get("/").text
    theme = client.get("/theme.css")
    assert theme.status_code == 200
    assert set(re.findall(r"https?://[\w.]*|@import", theme.text)) == {"http://www.w3.org"}


def test_an_article_opens_at_the_cited_words(client):
    page = client.get("/article/courier-1?start=0&end=57")
    assert page.status_code == 200
    quote = "Libya hosts 20,000 foreign fighters, the UN envoy warned."
    assert f'<p><mark id="cite">{quote}</mark></p>' in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "?start=1", "?start=x&end=2", "?start=9&end=999999", "?end"])
def test_an_address_without_a_sensible_span_opens_the_whole_article(client, query):
    page = client.get(f"/article/courier-1{query}")
    assert page.status_code == 200
    assert "<mark" not in page.text


@pytest.mark.parametrize("name", ["nobody", "..%2F..%2Fetc%2Fpasswd", "%00", "<b>"])
def test_an_unknown_article_is_a_plain_404(client, name):
    page = client.get(f"/article/{name}?start=0&end=1")
    assert page.status_code == 404
    assert "It is not, or no longer, in this collection." in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_an_article_id_may_hold_any_character(client):
    page = client.get("/article/a%2Fb%20c%3Fd%23%C3%A9?start=0&end=3")
    assert page.status_code == 200
    assert '<mark id="cite">Its</mark> text.' in page.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1"])
def test_a_request_that_names_another_host_is_refused(client, host):
    for path in ("/", "/article/courier-1", "/config"):
        assert client.get(path, headers={"host": host}).status_code == 400


def test_the_server_takes_files_and_gives_none(client):
    (sent,) = client.post("/gradio_api/upload", files={"files": ("a.html", b"<b>x</b>")}).json()
    for file in (sent, "/etc/passwd"):
        assert client.get(f"/gradio_api/file={file}").status_code == 404
        assert client.get(f"/gradio_api/file/{file}").status_code == 404
    asked = HTTPConnection(client.base_url.host, client.base_url.port, timeout=30)
    asked.putrequest("POST", "/gradio_api/upload")
    asked.putheader("Content-Type", "multipart/form-data; boundary=x")
    asked.putheader("Content-Length", "64000001")
    asked.endheaders()
    assert asked.getresponse().status == 413
    asked.close()


def test_the_page_offers_no_interface_of_its_own(client):
    assert all(path.startswith(("/api/", "/v1/")) for path in schema_paths(client))
    assert client.get("/docs").status_code == 404
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}


def schema_paths(client):
    return client.get("/openapi.json").json()["paths"]


def test_the_interfaces_are_on_the_server_of_the_page(client):
    asked = {"question": QUESTION}
    assert client.post("/api/ask", json=asked).json()["answered"]
    assert client.get("/v1/models").json()["data"][0]["id"] == "dateline"
    assert "For programs" in client.get("/api").text
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    headers = {"Accept": "application/json, text/event-stream"}
    assert '"id":1' in client.post("/mcp", json=ping, headers=headers).text


def test_no_page_of_another_site_drives_the_page(client):
    foreign = {"Origin": "https://evil.example"}
    joined = client.post("/gradio_api/queue/join", json={"fn_index": 0}, headers=foreign)
    assert joined.status_code == 403
    ours = client.get("/config", headers={"Origin": str(client.base_url).rstrip("/")})
    assert ours.status_code == 200
    assert not any(name.startswith("access-control-") for name in ours.headers)


def test_ctrl_c_stops_the_server_without_a_word():
    with (
        serving("FakeEngine()") as (process, address),
        httpx.Client(base_url=address) as connected,
    ):
        assert connected.get("/article/note").status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_ctrl_c_stops_the_server_in_the_middle_of_an_answer():
    with serving("EndlessEngine()") as (process, address):
        asked = {"question": "Go on for ever", "stream": True}
        with httpx.stream("POST", f"{address}/api/ask", json=asked, timeout=30) as response:
            assert next(response.iter_lines()) == "event: draft"
            process.send_signal(signal.SIGINT)
            assert process.stderr.read() == ""
        assert process.wait(30) == 0


def test_a_port_in_use_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AssertionError) as caught, serving("FakeEngine()", port):
            pass
    assert (
        f"index.errors.UsageError: Port {port} on 127.0.0.1 cannot be used "
        "(Address already in use): choose another with --port.\n"
    ) in str(caught.value)
