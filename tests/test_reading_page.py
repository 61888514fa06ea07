"""The article page: which text it shows, and what it says about it."""

from dataclasses import replace

from index.article import Article, Metadata, Span
from tests.hostile import HOSTILE
from ui.reading import article_html

ARTICLE = Article("a/1", 2, "a.txt", "Nine ships left.\n\nTen came.", Metadata(title="Ships"))
REVISIONS = [
    (1, "2024-05-01T10:00:00+00:00"),
    (2, "2024-05-02T10:00:00+00:00"),
    (3, "2024-05-03T10:00:00+00:00"),
]


def test_an_earlier_text_leads_to_the_newest():
    page = article_html(ARTICLE, Span(0, 16), REVISIONS)
    assert '<mark id="cite">Nine ships left.</mark>' in page
    assert (
        'changed after this text was stored; read it <a href="/article/a%2F1?revision=3">' in page
    )


def test_the_newest_text_leads_to_the_earlier_ones():
    page = article_html(replace(ARTICLE, revision=3), None, REVISIONS)
    assert '<a href="/article/a%2F1?revision=1">1 May 2024</a>' in page
    assert '<a href="/article/a%2F1?revision=2">2 May 2024</a>' in page
    assert "changed after this text" not in page


def test_an_article_that_never_changed_says_nothing():
    assert '<p class="note">' not in article_html(ARTICLE, None, [REVISIONS[1]])
    assert '<p class="note">' not in article_html(ARTICLE, None)


def test_a_correction_stands_above_the_text():
    notice = "Correction: An earlier version gave a wrong number."
    page = article_html(replace(ARTICLE, text=f"Nine ships left.\n\n{notice}"), None)
    assert page.index(f'<p class="note">{notice}</p>') < page.index("<p>Nine ships left.</p>")


def test_an_article_that_is_gone_says_since_when():
    page = article_html(replace(ARTICLE, gone="2024-05-04"), None)
    assert '<p class="note">No longer at its source since 4 May 2024.</p>' in page


def test_a_hostile_correction_is_text():
    for words in HOSTILE:
        page = article_html(replace(ARTICLE, text=f"Correction: {words} and more."), None)
        assert "<script" not in page.lower()
        assert "<img" not in page.lower()
