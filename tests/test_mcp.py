"""The tools for assistants, called by the mcp package's own client over both transports."""

import json
import os
import re
import sys
from contextlib import asynccontextmanager

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters

from tests.conftest import ROOT
from tests.serving import site_serving
from tests.steered_engine import SteeredEngine
from ui.doors.desk import Desk

DATELINE = (sys.executable, "-c", "from ui.cli import main; main()")
QUESTION = "How many foreign fighters did the UN estimate?"


@pytest.fixture(scope="module")
def address(samples):
    with site_serving(Desk(samples)) as address:
        yield address


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    import rag

    path = tmp_path_factory.mktemp("home")
    with rag.connect(path) as engine:
        engine.ingest([ROOT / "samples" / "articles"])
    return path


@pytest.fixture(params=["http", "stdio"])
def connect(request):
    """Over the real server, and over `dateline mcp` as a desktop assistant starts it."""

    @asynccontextmanager
    async def connected():
        if request.param == "http":
            at = request.getfixturevalue("address") + "/mcp"
        else:
            home = request.getfixturevalue("home")
            command = [*DATELINE, "mcp", "--home", str(home)]
            at = StdioServerParameters(
                command=command[0], args=command[1:], env=dict(os.environ), cwd=str(ROOT)
            )
        async with Client(at) as client:
            yield client

    return connected


def run(use, connect):
    """The result of `use` with a connected client."""

    async def used():
        async with connect() as client:
            return await use(client)

    return anyio.run(used)


async def call(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


def test_an_assistant_asks_searches_and_reads_what_is_cited(connect, samples):
    async def use(client):
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        answer = await call(client, "ask", question=QUESTION)
        found = await call(client, "search_articles", query=QUESTION, limit=3)
        cited = answer["citations"][1]
        page = await call(
            client,
            "read_article",
            article_id=cited["article"]["id"],
            start=cited["start"],
            length=cited["end"] - cited["start"],
        )
        return tools, answer, found["passages"], page

    tools, answer, found, page = run(use, connect)
    expected = samples.ask(QUESTION).to_dict()
    assert set(tools) == {"ask", "search_articles", "read_article"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    for name in ("text", "answered", "short_answer", "sentences", "confidence"):
        assert answer[name] == expected[name]
    exact = [{**each, "article": None} for each in expected["citations"]]
    assert [{**each, "article": None} for each in answer["citations"]] == exact
    assert [each["text"] for each in found] == [p.text for p in samples.retrieve(QUESTION, 3)]
    assert page["text"] == answer["citations"][1]["quote"]
    assert page["article"] == answer["citations"][1]["article"]


def over_http(address, use):
    @asynccontextmanager
    async def connected():
        async with Client(f"{address}/mcp") as client:
            yield client

    return run(use, connected)


def test_pages_of_an_article_joined_are_its_text(address, samples):
    row = max(samples.articles(), key=lambda row: row.characters)

    async def use(client):
        pages, start = [], 0
        while start is not None:
            page = await call(client, "read_article", article_id=row.id, start=start, length=300)
            assert page["start"] == start
            assert page["end"] - start <= 300
            pages.append(page)
            start = page["next_start"]
        return pages

    pages = over_http(address, use)
    assert len(pages) > 3
    text = samples.article(row.id).text
    assert "".join(page["text"] for page in pages) == text
    for page in pages[:-1]:  # no word is cut in two
        assert re.search(r"\s", text[page["end"] - 1 : page["end"] + 1])
    assert {page["characters"] for page in pages} == {row.characters}


def test_a_refusal_tells_what_comes_nearest_and_what_there_is(address):
    async def use(client):
        return await call(client, "ask", question="Who won the chess final?")

    refused = over_http(address, use)
    assert not refused["answered"]
    assert refused["citations"] == []
    assert len(refused["nearest"]) == 3
    assert refused["coverage"].startswith("The collection holds 19 articles")


def test_filters_keep_other_outlets_and_days_out(address):
    async def use(client):
        limits = {"publishers": ["Harbour Wire"], "published_from": "2021-01-01"}
        found = await call(client, "search_articles", query=QUESTION, **limits)
        return found["passages"]

    found = over_http(address, use)
    assert found
    assert {each["article"]["publisher"] for each in found} == {"Harbour Wire"}
    assert all(each["article"]["published"] >= "2021-01-01" for each in found)


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": " "}, "The question is empty."),
        ("ask", {"question": "x", "published_from": "May"}, "a date looks like 2020-12-31"),
        (
            "ask",
            {"question": "x", "published_from": "2021-02-01", "published_to": "2021-01-01"},
            "published_from is later than published_to",
        ),
        ("search_articles", {"query": "x", "limit": 0}, "greater than or equal to 1"),
        ("read_article", {"article_id": "../x"}, "There is no article '../x'."),
        ("read_article", {"article_id": "{id}", "start": 10**9}, "The article ends at "),
    ],
)
def test_what_cannot_be_done_is_told_in_words(address, samples, tool, arguments, told):
    known = samples.articles()[0].id
    if "article_id" in arguments:
        arguments["article_id"] = arguments["article_id"].format(id=known)

    async def use(client):
        return await client.call_tool(tool, arguments)

    result = over_http(address, use)
    assert result.is_error
    assert told in result.content[0].text


def test_a_busy_server_says_so():
    engine = SteeredEngine()
    desk = Desk(engine, at_once=1, waiting=0)

    async def use(client):
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "ask", {"question": QUESTION})
            await anyio.to_thread.run_sync(engine.wait_begun)
            refused = await client.call_tool("search_articles", {"query": QUESTION})
            engine.finish.set()
        return refused

    with site_serving(desk) as address:
        refused = over_http(address, use)
    assert refused.is_error
    assert "The server is busy" in refused.content[0].text


def test_the_work_stops_when_the_assistant_leaves():
    engine = SteeredEngine()

    async def use(client):
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "ask", {"question": QUESTION})
            await anyio.to_thread.run_sync(engine.wait_begun)
            group.cancel_scope.cancel()

    with site_serving(Desk(engine)) as address:
        over_http(address, use)
        engine.wait_closed()


def test_a_message_that_is_too_large_is_refused(address):
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    sent = httpx.post(f"{address}/mcp", content=b" " * 1_000_001, headers=headers)
    assert sent.status_code == 413


def test_no_stream_is_kept_open_for_nothing(address):
    refused = httpx.get(f"{address}/mcp", headers={"Accept": "text/event-stream"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
