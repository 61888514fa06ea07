"""Which articles the table shows, in which order, and that nothing in it is markup."""

import re
from dataclasses import replace

import pytest

from index.article import Article, Metadata
from index.bin import Binned
from index.records import ArticleRow
from tests.hostile import HOSTILE
from ui.library_table import (
    PAGE_ROWS,
    Wanted,
    filters_html,
    list_html,
    outlets_of,
    removed_notice,
    selected,
    wanted_of,
)


def row(identity, chunks=1, source="", added_at="2024-05-01T00:00:00+00:00", **known):
    return ArticleRow(
        identity, 1, source or f"/a/{identity}.txt", Metadata(**known), chunks, 100, added_at
    )


ROWS = [
    row("b", 3, title="Bridge opens", publisher="Port Post", published="2021-02-03"),
    row("a", 1, title="Aqueduct falls", publisher="port  post", published="2021-01-02"),
    row("n", 2, added_at="2024-06-01T00:00:00+00:00"),
    row("c", 9, title="Canal dug", publisher="Eastbay Courier", author="Ines Calder"),
]


def ids(rows):
    return [each.id for each in rows]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", "bacn"),
        ("oldest", "abcn"),
        ("title", "abcn"),
        ("outlet", "cabn"),
        ("chunks", "cbna"),
        ("added", "nabc"),
    ],
)
def test_the_order_is_the_one_asked_for(order, expected):
    assert ids(selected(ROWS, Wanted(order=order))) == list(expected)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(words="BRIDGE post"), "b"),
        (Wanted(words="calder"), "c"),
        (Wanted(words="n.txt"), "n"),
        (Wanted(words="bridge canal"), ""),
        (Wanted(outlet="PORT POST"), "ab"),
        (Wanted(first="2021-01-03"), "b"),
        (Wanted(last="2021-01-02"), "a"),
        (Wanted(first="2021-01-02", last="2021-02-03"), "ab"),
    ],
)
def test_filters_narrow_the_table_down_and_undated_articles_pass_no_date(wanted, expected):
    assert sorted(ids(selected(ROWS, wanted))) == sorted(expected)


def test_one_outlet_in_two_spellings_is_offered_once():
    assert [name.casefold() for name in outlets_of(ROWS)] == ["eastbay courier", "port  post"]


def test_a_form_that_sends_anything_is_read_as_far_as_it_makes_sense():
    assert wanted_of({}) == Wanted()
    odd = {"words": ["x"], "outlet": 3, "first": None, "order": "'; drop", "page": 7, "more": 1}
    assert wanted_of(odd) == Wanted()
    assert wanted_of({"words": "a" * 999, "order": "title"}) == Wanted("a" * 200, order="title")


def test_long_tables_have_pages_and_a_page_beyond_the_end_is_the_last():
    many = [row(f"{number:03}") for number in range(PAGE_ROWS + 3)]
    first = list_html(many, Wanted(), ())
    assert first.count('name="article"') == PAGE_ROWS
    assert "Page 1 of 2" in first
    for page in (1, 99):
        last = list_html(many, Wanted(page=page), ())
        assert last.count('name="article"') == 3
        assert "Page 2 of 2" in last


def test_an_empty_collection_says_what_to_do_and_an_empty_choice_says_why():
    assert "Drop files into “Add articles”" in list_html([], Wanted(), ())
    assert "No article passes these filters." in list_html(ROWS, Wanted(words="zebra"), ())
    assert "1 of 4 articles" in list_html(ROWS, Wanted(words="canal"), ())


def test_the_sorted_column_says_so_to_screen_readers():
    assert re.findall(r"dl-(\w+)[^>]*aria-sort=\"(\w+)\"", list_html(ROWS, Wanted(), ())) == [
        ("date", "descending")
    ]


def test_undo_and_the_bin_name_their_articles():
    binned = [
        Binned(
            Article("x1", 1, "/a/x.txt", "Text.", Metadata(title="Old news")),
            "2024-01-01T00:00:00+00:00",
            "",
            "",
        )
    ]
    html = list_html(ROWS, Wanted(), binned, removed_notice(["x1", "x2"], 30))
    assert "2 articles removed and kept in the bin for 30 days." in html
    assert 'data-id="x1 x2"' in html
    assert 'aria-label="Restore Old news"' in html
    assert 'aria-label="Delete Old news for good"' in html


def test_hostile_words_are_inert_everywhere():
    for words in HOSTILE:
        known = Metadata(words, words, words, words, words)
        odd = replace(row(words), source=words, metadata=known)
        binned = [Binned(Article(words, 1, words, words, known), words, "", "")]
        html = list_html([odd], Wanted(words="", outlet=""), binned)
        html += filters_html([words], Wanted(words, words, words, words))
        tags = set(re.findall(r"<([a-z0-9]+)", html))
        assert tags <= set(
            "div h3 label input button table thead tr th tbody td span a details summary ul li "
            "form select option p".split()
        ), words
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', html)), words
        assert re.findall(r'href="(?!/article/)', html) == []
