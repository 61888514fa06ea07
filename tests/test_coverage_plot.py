"""The picture of the collection: right counts in the right columns, for eyes and for readers."""

import re
from xml.etree import ElementTree

import pytest

from index.article import Metadata
from tests.hostile import HOSTILE
from ui.coverage_plot import Coverage, coverage_html, coverage_of


def known(publisher, *days):
    return [Metadata(publisher=publisher, published=day) for day in days]


def test_articles_are_counted_by_outlet_and_day():
    articles = [
        *known("Port Post", "2021-01-01", "2021-01-03", "2021-01-03"),
        *known("port post", "2021-01-02"),
        *known("Courier", "2021-01-02", None),
        *known(None, "2021-01-01"),
    ]
    assert coverage_of(articles) == Coverage(
        ("1 January 2021", "2 January 2021", "3 January 2021"),
        (("Port Post", (1, 1, 2)), ("Courier", (0, 1, 0)), ("Unknown outlet", (1, 0, 0))),
        1,
    )


@pytest.mark.parametrize(
    ("first", "last", "spans"),
    [
        ("2021-01-01", "2021-01-01", ["1 January 2021", "1 January 2021"]),
        ("2021-01-01", "2021-03-10", ["week of 28 December 2020", "week of 8 March 2021"]),
        ("2020-02-29", "2021-12-31", ["February 2020", "December 2021"]),
        ("1999-12-31", "2024-01-01", ["1999", "2024"]),
        ("1900-01-01", "2024-01-01", ["1900 to 1903", "2024"]),
        ("0001-01-01", "9999-12-31", ["1 to 278", "9731 to 9999"]),
    ],
)
def test_the_columns_fit_the_time_that_is_covered(first, last, spans):
    coverage = coverage_of(known("Port Post", first, last))
    assert [coverage.spans[0], coverage.spans[-1]] == spans
    assert len(coverage.spans) <= 36
    ((_, counts),) = coverage.rows
    assert (counts[0], counts[-1], sum(counts)) == ((2, 2, 2) if first == last else (1, 1, 2))


def test_small_outlets_are_counted_together():
    articles = [Metadata(publisher=f"Outlet {n}", published="2021-01-01") for n in range(40)]
    coverage = coverage_of(articles)
    assert len(coverage.rows) == 12
    assert coverage.rows[-1] == ("29 other outlets", (29,))


def test_the_table_tells_the_numbers_of_the_picture():
    html = coverage_html(coverage_of(known("Port Post", "2021-01-01", "2021-01-03", "2021-01-03")))
    assert re.findall(r"<td>([^<]*)</td>", html) == ["1 January 2021", "1", "3 January 2021", "2"]
    svg = ElementTree.fromstring(re.search("<svg.*</svg>", html)[0])
    assert svg.attrib["role"] == "img"
    labels = [svg.find(f"*[@id='{name}']").text for name in svg.attrib["aria-labelledby"].split()]
    assert labels == [
        "Articles of each outlet over time",
        "3 dated articles, 1 January 2021 to 3 January 2021.",
    ]
    bars = [each for each in svg if "bar" in each.attrib.get("class", "")]
    assert [bar[0].text for bar in bars] == [
        "Port Post, 1 January 2021: 1 article",
        "Port Post, 3 January 2021: 2 articles",
    ]
    assert float(bars[1].attrib["height"]) == 2 * float(bars[0].attrib["height"])


def test_nothing_dated_gives_no_picture():
    assert coverage_html(coverage_of([])) == ""
    assert "<svg" not in coverage_html(coverage_of(known("Port Post", None, "soon")))
    assert "2 articles without a date." in coverage_html(coverage_of(known("A", None, "soon")))


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_outlet_stays_text(words):
    html = coverage_html(coverage_of(known(words, "2021-01-01")))
    tags = set(re.findall(r"<([a-z0-9]+)", html))
    assert tags <= set(
        "figure figcaption h3 p svg title desc path rect text details summary table thead tr th "
        "tbody td".split()
    )
    ElementTree.fromstring(re.search("<svg.*</svg>", html, re.DOTALL)[0])
