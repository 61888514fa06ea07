"""Answers as files: complete in themselves, and harmless whatever articles say."""

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from tests.hostile import HOSTILE
from tests.test_render import ANSWER, REFUSED, UNSAFE, WEAK, poisoned
from ui.export import export
from ui.turns import Choices, Turn

TURN = Turn(ANSWER, Choices(("Harbour Wire",)), date(2024, 5, 1))
NO = Turn(REFUSED, Choices(), date(2024, 5, 2))


def test_markdown_holds_question_answer_quotes_outlets_dates_addresses_and_access_date():
    file = export([TURN], "markdown")
    assert (file.name, file.kind) == ("dateline-answer.md", "text/markdown")
    assert file.content == (
        "## How many?\n\n"
        "*Only from: Harbour Wire*\n\n"
        "**at least 20,000**\n\n"
        "There are at least 20,000 \\[1\\]\\[2\\].\n\n"
        "1. “at least 20,000 fighters” (Harbour Wire, 3 December 2020, "
        "<https://harbourwire.example/fighters?a=1&b=2>)\n\n"
        "2. “20,000 are there” (notes/courier.txt, undated)\n\n"
        "*Quoted from the articles in 0.04 s · high confidence. Accessed 1 May 2024.*\n"
    )


def test_json_holds_the_whole_answers_with_limits_and_access_dates():
    file = export([TURN, NO], "json")
    assert (file.name, file.kind) == ("dateline-conversation.json", "application/json")
    first, second = json.loads(file.content)["answers"]
    assert first["accessed"] == "2024-05-01"
    assert first["filters"]["publishers"] == ["Harbour Wire"]
    assert {key: first[key] for key in ANSWER.to_dict()} == ANSWER.to_dict()
    assert (second["accessed"], second["answered"]) == ("2024-05-02", False)


def test_html_is_a_page_that_needs_nothing_else():
    file = export([TURN, NO], "html")
    assert (file.name, file.kind) == ("dateline-conversation.html", "text/html")
    assert "default-src 'none'" in file.content
    words = " ".join(re.sub(r"<style>.*</style>|<[^>]+>", " ", file.content).split())
    for told in (
        "How many? Only from: Harbour Wire at least 20,000 There are at least 20,000 [1][2].",
        "at least 20,000 fighters At least 20,000 remain. Harbour Wire, 3 December 2020 "
        "https://harbourwire.example/fighters?a=1&amp;b=2",
        "20,000 are there notes/courier.txt, undated",
        "Accessed 1 May 2024.",
        "The articles do not say.",
        "Nearest passages, not an answer The road was opened in June.",
        "Accessed 2 May 2024.",
    ):
        assert told in words


def test_what_nothing_supports_says_so_in_every_file():
    turn = Turn(WEAK, Choices(), date(2024, 5, 1))
    for kind in ("markdown", "html", "json"):
        content = export([turn], kind).content.replace("\\", "")
        assert "They dance. [unsupported]" in content


class Tags(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.found, self.links = set(), []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        told = dict(attrs)
        self.links += [told["href"]] if "href" in told else []
        known = {"charset", "class", "content", "dir", "href", "http-equiv", "lang", "name", "rel"}
        assert set(told) <= known | {"value"}


@pytest.mark.parametrize("words", HOSTILE)
def test_files_of_hostile_words_hold_no_markup_but_ours(words):
    turns = [Turn(answer, Choices((words,)), date(2024, 5, 1)) for answer in poisoned(words)]
    page = Tags(export(turns, "html").content)
    ours = "html head meta title style body main section h1 h2 p ol ul li q span a".split()
    assert page.found <= set(ours)
    assert all(re.match("https?://", link) for link in page.links)
    shown = MarkdownIt("commonmark").enable("table").render(export(turns, "markdown").content)
    assert set(re.findall(r"<([a-z0-9]+)", shown)) <= {
        "p",
        "ol",
        "ul",
        "li",
        "strong",
        "em",
        "h2",
        "hr",
    }
    for kind in ("html", "markdown"):
        assert not UNSAFE.search(export(turns, kind).content)
        assert export(turns, kind).content.encode()
    assert len(json.loads(export(turns, "json").content)["answers"]) == 2
