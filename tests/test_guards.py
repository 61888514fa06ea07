"""The guards around a server: who is let in, from where, and under which headers."""

import base64
import re

import httpx
import pytest

from index.errors import UsageError
from tests.fake_engine import FakeEngine
from tests.serving import site_serving
from ui.doors.desk import Desk
from ui.guards.attempts import Attempts
from ui.guards.password import Password
from ui.guards.sessions import SECONDS, Sessions

PASSWORD = "ann:böse:schlüssel"
ASK = {"question": "How many foreign fighters are in Libya?"}
PREFLIGHT = {"Access-Control-Request-Method": "POST"}
EVERYWHERE = ("/", "/article/courier-1", "/api", "/openapi.json", "/v1/models", "/mcp", "/nothing")


@pytest.fixture
def client():
    """A server with a password, anew for each test: it remembers failures."""
    with (
        site_serving(Desk(FakeEngine()), PASSWORD) as address,
        httpx.Client(base_url=address, timeout=30) as connected,
    ):
        yield connected


@pytest.fixture(scope="module")
def open_client():
    """A server without a password."""
    with (
        site_serving(Desk(FakeEngine())) as address,
        httpx.Client(base_url=address, timeout=30) as connected,
    ):
        yield connected


def log_in(client, user="ann", password="böse:schlüssel"):
    return client.post("/login", data={"user": user, "password": password})


def basic(words):
    return {"Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}


def bearer(words):
    return {"Authorization": b"Bearer " + words.encode()}


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_is_shown_without_the_password(client, path):
    for method in ("GET", "POST"):
        refused = client.request(method, path)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == 'Bearer realm="Dateline"'
        assert refused.json()["error"]["code"] == "unauthorized"
    sent = client.get(path, headers={"Accept": "text/html,*/*"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/login")


def test_a_browser_logs_in_and_out(client):
    form = client.get("/login")
    assert 'type="password"' in form.text
    assert "form-action 'self'" in form.headers["content-security-policy"]
    entered = log_in(client)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"]
    assert re.search("; HttpOnly;.*; SameSite=lax$", cookie)
    assert client.get("/article/courier-1").status_code == 200
    assert "Log out" in client.get("/login").text
    kept = client.cookies["dateline-session"]
    client.post("/logout")
    client.cookies.set("dateline-session", kept)
    assert client.get("/article/courier-1").status_code == 401


@pytest.mark.parametrize("headers", [bearer("böse:schlüssel"), basic("ann:böse:schlüssel")])
def test_a_program_sends_the_password_with_each_request(client, headers):
    assert client.post("/api/ask", json=ASK, headers=headers).json()["answered"]
    assert client.get("/v1/models", headers=headers).status_code == 200
    assert client.get("/v1/models").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        bearer("böse:schlüsse"),
        {"Authorization": "Bearer"},
        bearer("ann:böse:schlüssel"),
        basic("ann:böse"),
        basic("bob:böse:schlüssel"),
        {"Authorization": "Basic"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Digest x"},
        {"Cookie": "dateline-session=x"},
    ],
)
def test_what_is_not_quite_the_password_is_refused(client, headers):
    assert client.post("/api/ask", json=ASK, headers=headers).status_code == 401


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client):
    entered = log_in(client)
    client.cookies.clear()
    told = [log_in(client, password=f"guess {n}") for n in range(5)]
    assert [each.status_code for each in told] == [401] * 5
    assert 'role="alert">The password is wrong.' in told[0].text
    late = [log_in(client), client.get("/v1/models", headers=bearer("böse:schlüssel"))]
    assert [each.status_code for each in late] == [429, 429]
    assert late[0].headers["retry-after"] == "1"
    assert "Wait 1 s and try again." in late[0].text
    # Who is logged in already is not locked out by somebody's guesses.
    client.cookies.set("dateline-session", entered.cookies["dateline-session"])
    assert client.get("/article/courier-1").status_code == 200


def test_waits_double_and_are_forgotten():
    now = 1000.0
    attempts = Attempts(lambda: now)
    waits = []
    for _ in range(14):
        waits.append(attempts.wait("10.0.0.1"))
        now += waits[-1]
        assert attempts.wait("10.0.0.1") == 0
        attempts.failed("10.0.0.1")
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert attempts.wait("10.0.0.2") == 0
    now += 901
    assert attempts.wait("10.0.0.1") == 0
    attempts.failed("10.0.0.1")
    assert attempts.wait("10.0.0.1") == 0


def test_one_senders_many_ipv6_addresses_are_one():
    attempts = Attempts(lambda: 0.0)
    for number in range(5):
        attempts.failed(f"2001:db8::{number}")
    assert attempts.wait("2001:db8::ffff") == 1
    assert attempts.wait("2001:db8:0:1::1") == 0
    attempts.succeeded("2001:db8::9")
    assert attempts.wait("2001:db8::1") == 0


def test_a_log_in_ends_after_a_week():
    now = 0.0
    sessions = Sessions(lambda: now)
    key = sessions.open()
    assert len(key) == 43
    assert sessions.knows(key)
    now = SECONDS
    assert not sessions.knows(key)


@pytest.mark.parametrize("pair", ["", "ann", "ann:", ":secret"])
def test_a_password_of_another_form_is_refused_without_showing_it(pair):
    with pytest.raises(UsageError, match="not in the form USER:PASSWORD") as caught:
        Password.parse(pair)
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(Password("ann", "secret"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "10.0.0.1"},
        {"Host": "[::2]"},
        {"Host": "["},
        {"Host": ""},
    ],
)
def test_a_server_of_this_machine_goes_by_no_other_name(open_client, headers):
    for path in ("/article/courier-1", "/api", "/mcp"):
        refused = open_client.get(path, headers=headers)
        assert refused.status_code == 400
    assert open_client.post("/api/ask", json=ASK, headers=headers).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:1", "[::1]:7860", "LOCALHOST"])
def test_a_server_of_this_machine_goes_by_its_names(open_client, host):
    assert open_client.get("/api", headers={"Host": host}).status_code == 200


def test_a_server_for_other_machines_goes_by_any_name():
    with site_serving(Desk(FakeEngine()), PASSWORD, host="0.0.0.0") as address:
        headers = {"Host": "news.example", **bearer("böse:schlüssel")}
        assert httpx.get(f"{address}/api", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "http://[", "Host": "127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_a_page_of_another_site_cannot_ask(open_client, headers):
    refused = open_client.post("/api/ask", json=ASK, headers=headers)
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "wrong_origin"


def test_our_own_page_can_ask_and_a_link_elsewhere_can_lead_here(open_client):
    ours = {
        "Origin": str(open_client.base_url).rstrip("/"),
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "cors",
    }
    assert open_client.post("/api/ask", json=ASK, headers=ours).status_code == 200
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert open_client.get("/article/courier-1", headers=followed).status_code == 200


def test_every_response_carries_the_headers(open_client):
    foreign = {"Origin": "https://evil.example"}
    responses = [
        *(open_client.get(path) for path in EVERYWHERE),
        open_client.post("/api/ask", json=ASK),
        open_client.post("/api/ask", json={"question": ""}),
        open_client.post("/api/ask", json={"question": "x", "stream": True}),
        open_client.post("/api/ask", content=b" " * 1_000_001),
        open_client.get("/api", headers=foreign),
        open_client.options("/api/ask", headers=foreign | PREFLIGHT),
        open_client.get("/api", headers={"Host": "evil.example"}),
    ]
    for response in responses:
        policy = response.headers["content-security-policy"]
        assert re.search("default-src '(self|none)'", policy)
        assert "frame-ancestors" in policy
        assert not re.search(r"https?:|\*", policy)
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert not any(name.startswith("access-control-") for name in response.headers)
