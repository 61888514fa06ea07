"""What comes out of news pages and of real articles is the reporting, whole and alone."""

import re

import pytest

from benchmarks.extraction import mean, ours, score
from index.clean import prepare
from index.load import find_sources, load
from tests.conftest import SHARED
from tests.pages.labelled import pages


@pytest.mark.parametrize("half", ["tuned", "unseen"])
def test_articles_are_got_out_of_labelled_pages(half):
    found = [score(page, ours) for page in pages(half)]
    assert len(found) >= 20
    figures = mean(found)
    assert figures.body >= 0.95
    assert figures.title >= 0.95
    assert figures.date >= 0.9
    assert figures.outlet >= 0.9
    assert min(each.body for each in found) >= 0.9


# What each real article holds that is not reporting, and sentences of it that must stay.
_NOT_REPORTING = re.compile(
    r"your support|your donation|paywall|related posts?|read (?:more|also)|originally (?:posted|"
    r"published)|subscribe|newsletter|advertisement|all rights reserved|follow us|sign up",
    re.IGNORECASE,
)


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.!?])(?=[\"”’]?\s|[A-Z])|\n", text)
    return [" ".join(part.split()) for part in parts if len(part.split()) > 6]


def test_real_articles_come_out_without_appeals_and_with_every_reported_sentence():
    folder = SHARED / "articles"
    if not folder.is_dir():
        pytest.skip("put real articles into ../shared/articles to run this")
    read = [item for path in find_sources([folder]) for item in load(path)]
    assert len(read) == 5
    for document in read:
        body, metadata = prepare(document)
        assert not _NOT_REPORTING.search(body), document.source
        kept = _key(body + (metadata.title or ""))
        lost = [s for s in _sentences(document.text) if _key(s) not in kept]
        assert all(_SITES_OWN.search(sentence) for sentence in lost), lost


_SITES_OWN = re.compile(
    r"\b(?:we|us|our|your|The Independent)\b|\||^READ MORE|^Based on reporting", re.IGNORECASE
)


def test_paragraphs_left_out_between_or_right_after_the_found_ones_come_back():
    from lxml import html

    from index.formats.left_out import paragraphs, restored

    said = ["One is out.", "Two is out.", "Three is out.", "Four is out."]
    left_out = ["It rained.", "No date has been set."]
    page = "".join(
        f"<p>{text}</p>"
        for text in (said[0], left_out[0], *said[1:], left_out[1], "Two steps away from it.")
    )
    aside = "<div><p>Another box speaks.</p><p>Of other things.</p></div>"
    tree = html.document_fromstring(f"<body>{page}<p><a href='/x'>Read on.</a></p>{aside}</body>")
    text = restored("\n".join(said), paragraphs(tree))
    assert text.split("\n") == [said[0], left_out[0], *said[1:], left_out[1]]
