"""Whatever an article, a question or a model says, it is shown as words and nothing else."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.article import Article, Metadata, Span
from index.records import Coverage
from rag.answer import Answer, ArticleRef, Citation, Passage, Refusal, Sentence
from tests.hostile import HOSTILE
from ui import reading, render, text
from ui.links import outside_url
from ui.terminal import answer_text

WIRE = ArticleRef(
    id="wire/1",
    title="At least 20,000 remain",
    publisher="Harbour Wire",
    author="Ines Calder",
    published="2020-12-03",
    url="https://harbourwire.example/fighters?a=1&b=2",
    source="wire.txt",
)
COURIER = ArticleRef("courier", None, None, None, None, None, "notes/courier.txt")
FIRST = Citation(1, "at least 20,000 fighters", 10, 34, WIRE)
SECOND = Citation(2, "20,000 are there", 5, 21, COURIER)
ANSWER = Answer(
    question="How many?",
    text="There are at least 20,000 [1][2].",
    short_answer="at least 20,000",
    answered=True,
    sentences=(Sentence("There are at least 20,000 [1][2].", "supported", (1, 2)),),
    citations=(FIRST, SECOND),
    passages=(),
    origins=None,
    figures=None,
    refusal=None,
    confidence=0.9,
    engine="extractive",
    seconds=0.042,
    timings={},
)
NEAREST = Passage("The road was opened in June.", 0, 28, 0.5, COURIER)
COVERAGE = Coverage(2, ("Harbour Wire",), "2020-12-03", "2020-12-04")
REFUSED = replace(
    ANSWER,
    text="The articles do not say.",
    short_answer=None,
    answered=False,
    sentences=(),
    citations=(),
    refusal=Refusal("The articles do not say.", (NEAREST,), COVERAGE),
)

TAGS = {"section", "div", "h1", "h2", "h3", "p", "ul", "li", "a", "span", "header"}
ATTRIBUTES = {"class", "dir", "href", "title", "target", "rel", "role"}
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Reader(HTMLParser):
    """Reads HTML as a browser would: the words, the tags, the links."""

    def __init__(self, markup):
        super().__init__()
        self.words, self.open, self.links, self.names = "", [], [], set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        self.open.append(tag)
        self.names |= {value for name, value in attrs if name == "class"}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def read(markup):
    """The markup, checked to hold only our own tags and links, all closed."""
    reader = Reader(markup)
    assert reader.open == []
    assert not UNSAFE.search(markup)
    for link in reader.links:
        assert re.match(
            r"/article/[^/]*\?revision=\d+&start=\d+&end=\d+#cite$|https?://[^\s<>\"]+$", link
        )
    return reader


def poisoned(words):
    """An answer and a refusal with `words` in every field that outsiders can fill."""
    article = ArticleRef(words, words, words, words, words, words, words)
    answer = replace(
        ANSWER,
        question=words,
        text=f"{words} [1] {words}",
        short_answer=words,
        sentences=(Sentence(words, "unsupported", (1,)),),
        citations=(Citation(1, words, 0, 5, article),),
        engine=words,
    )
    near = Passage(words, 0, 5, 1.0, article)
    refusal = Refusal(words, (near,), Coverage(1, (words,), words, words))
    return answer, replace(REFUSED, question=words, refusal=refusal)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_field_can_bring_markup_or_links_into_the_page(words):
    for turn in poisoned(words):
        page = read(render.turn_html(turn.question, render.answer_html(turn)))
        assert text.line(words) in " ".join(page.words.split())
        assert all(link.startswith("/article/") for link in page.links)
    read(render.notice_html(words))
    read(render.masthead_html(Coverage(1, (words,), words, words)))


@pytest.mark.parametrize("words", HOSTILE)
def test_every_prefix_of_a_streamed_text_is_inert(words):
    for end in range(len(words) + 1):
        page = read(render.turn_html("Q", render.draft_html(words[:end])))
        assert page.links == []
        assert "".join(page.words.split()) == "Q" + "".join(text.clean(words[:end]).split())


@given(st.text())
def test_any_text_is_shown_in_its_own_words(words):
    page = read(render.turn_html(words, render.draft_html(words)))
    assert "".join(page.words.split()) == "".join(text.clean(words).split()) * 2


@pytest.mark.parametrize("words", HOSTILE)
def test_the_gate_changes_nothing_that_the_renderers_make(words):
    whole = render.conversation_html((ANSWER, REFUSED, *poisoned(words)))
    ungated = "".join(
        render.turn_html(turn.question, render.answer_html(turn))
        for turn in (ANSWER, REFUSED, *poisoned(words))
    )
    assert read(whole).words == read(ungated).words
    assert read(whole).links == read(ungated).links
    assert read(whole).names == read(ungated).names


def test_the_gate_stops_what_a_renderer_let_through():
    slip = '<p onclick="x()">a<img src=//evil.example><a href="javascript:x()">b</a></p>'
    assert render.conversation_html((), slip) == "<p>a<a>b</a></p>"


def test_citation_marks_link_to_the_quoted_words_in_the_article():
    page = read(render.answer_html(ANSWER))
    assert page.links == [
        "/article/wire%2F1?revision=1&start=10&end=34#cite",
        "/article/courier?revision=1&start=5&end=21#cite",
        "/article/wire%2F1?revision=1&start=10&end=34#cite",
        "https://harbourwire.example/fighters?a=1&b=2",
        "/article/courier?revision=1&start=5&end=21#cite",
    ]


def test_a_mark_without_a_citation_stays_plain_text():
    page = read(render.answer_html(replace(ANSWER, text="So [1], not [7] or [12345].")))
    assert "So [1], not [7] or [12345]." in page.words
    assert len([link for link in page.links if link.startswith("/article/wire")]) == 2


def test_each_source_shows_quote_outlet_and_date():
    words = read(render.answer_html(ANSWER)).words
    assert "“at least 20,000 fighters”Harbour Wire, 3 December 2020 harbourwire.example" in words
    assert "“20,000 are there”notes/courier.txt, undated" in words


def test_a_short_answer_is_shown_unless_the_text_opens_with_it():
    assert "dl-short" in read(render.answer_html(ANSWER)).names
    plain = replace(ANSWER, text="at least 20,000 are there [1][2].")
    assert "dl-short" not in read(render.answer_html(plain)).names


def test_sentences_that_the_quotes_do_not_carry_are_counted():
    weak = Sentence("Perhaps.", "partial", (1,))
    answer = replace(ANSWER, sentences=(*ANSWER.sentences, weak))
    note = "1 of 2 sentences is not fully supported by the quoted words."
    assert note in read(render.answer_html(answer)).words
    assert note in answer_text(answer, 80, styled=False)
    assert note in render.markdown(answer)


def test_a_refusal_shows_reason_coverage_and_passages_that_are_not_sources():
    page = read(render.answer_html(REFUSED))
    assert page.words == (
        "The articles do not say."
        "The collection holds 2 articles from 1 outlet, 3 December 2020 to 4 December 2020."
        "Nearest passages, not an answer"
        "“The road was opened in June.”notes/courier.txt, undated"
    )
    assert "dl-sources" not in page.names


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://host/file",
        "//evil.example/x",
        "/article/x",
        "https://",
        "https:evil.example",
        "http://[::1",
        "https://host/a b",
        "https://host/\u202ea",
        " https://host/",
        "https://host/\x01",
        "",
        None,
    ],
)
def test_only_plain_web_addresses_are_linked(url):
    assert outside_url(url) is None


def test_a_web_address_is_linked_unchanged():
    assert outside_url("https://host.example:8080/ä?x=1#y") == "https://host.example:8080/ä?x=1#y"


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("styled", [False, True])
def test_the_terminal_gets_no_control_character_but_our_own(words, styled):
    for turn in poisoned(words):
        shown = answer_text(turn, 60, styled=styled)
        ours = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        assert not UNSAFE.search(ours)
        assert shown == ours or styled


def test_the_terminal_shows_answer_sources_and_addresses():
    assert answer_text(ANSWER, 60, styled=False) == (
        "at least 20,000\n"
        "\n"
        "There are at least 20,000 [1][2].\n"
        "\n"
        "Sources\n"
        "[1] “at least 20,000 fighters”\n"
        "    Harbour Wire, 3 December 2020: At least 20,000 remain\n"
        "    https://harbourwire.example/fighters?a=1&b=2\n"
        "[2] “20,000 are there”\n"
        "    notes/courier.txt, undated\n"
        "    notes/courier.txt\n"
        "\n"
        "Quoted from the articles in 0.04 s · high confidence\n"
    )


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "high confidence"),
        (0.8, "high confidence"),
        (0.79, "fair confidence"),
        (0.5, "fair confidence"),
        (0.49, "low confidence"),
        (0.0, "low confidence"),
        (None, None),
    ],
)
def test_confidence_is_a_word_not_a_number(confidence, words):
    answer = replace(ANSWER, confidence=confidence)
    assert text.confidence_words(answer) == words
    assert text.confidence_words(replace(REFUSED, confidence=confidence)) is None
    for shown in (answer_text(answer, 100, styled=False), render.answer_html(answer)):
        assert (words or "Quoted from") in shown
        assert "0.79" not in shown


def test_the_terminal_says_what_the_collection_covers_when_it_refuses():
    assert answer_text(REFUSED, 100, styled=False) == (
        "The articles do not say.\n"
        "The collection holds 2 articles from 1 outlet, 3 December 2020 to 4 December 2020.\n"
        "\n"
        "Nearest passages, not an answer\n"
        "-   “The road was opened in June.”\n"
        "    notes/courier.txt, undated\n"
        "    notes/courier.txt\n"
    )


def test_terminal_lines_fit_the_width_except_addresses():
    quote = replace(FIRST, quote="ÿ" * 100)
    long = replace(ANSWER, text="word " * 60 + "[1]", citations=(quote, SECOND))
    shown = answer_text(long, 40, styled=False)
    assert max(len(row) for row in shown.splitlines() if "://" not in row) <= 40
    assert shown.count("ÿ") == 100


def test_markdown_reads_back_as_the_answer():
    shown = MarkdownIt().render(render.markdown(ANSWER))
    assert shown == (
        "<p><strong>at least 20,000</strong></p>\n"
        "<p>There are at least 20,000 [1][2].</p>\n"
        "<ol>\n<li>\n"
        "<p>“at least 20,000 fighters” (Harbour Wire, 3 December 2020, "
        '<a href="https://harbourwire.example/fighters?a=1&amp;b=2">'
        "https://harbourwire.example/fighters?a=1&amp;b=2</a>)</p>\n"
        "</li>\n<li>\n"
        "<p>“20,000 are there” (notes/courier.txt, undated)</p>\n"
        "</li>\n</ol>\n"
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_of_hostile_words_holds_no_markup(words):
    ours = {"p", "ol", "ul", "li", "strong", "em"}
    for turn in poisoned(words):
        shown = MarkdownIt("commonmark").enable("table").render(render.markdown(turn))
        assert set(re.findall(r"<([a-z0-9]+)", shown)) <= ours
        assert not UNSAFE.search(shown)


def article(words, **known):
    return Article("a", 1, "a.txt", words, Metadata(**known))


def body_of(page):
    """The article's paragraphs as the reader sees them, and the marked words."""
    paragraphs = re.findall(r"<p>(.*?)</p>", page.split("</header>")[1], re.DOTALL)
    return paragraphs, re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL)


def test_the_reading_page_marks_exactly_the_cited_words():
    words = "First line.\n\nAbout 20,000 & more. Then <b>less</b>.\nLast."
    start = words.index("20,000")
    page = reading.article_html(article(words), Span(start, start + len("20,000 & more.")))
    assert body_of(page) == (
        [
            "First line.",
            'About <mark id="cite">20,000 &amp; more.</mark> Then &lt;b&gt;less&lt;/b&gt;.',
            "Last.",
        ],
        ["20,000 &amp; more."],
    )


def test_a_quote_over_two_paragraphs_is_marked_in_both_and_found_at_the_first():
    page = reading.article_html(article("One two.\n\nThree four."), Span(4, 15))
    assert body_of(page)[0] == ['One <mark id="cite">two.</mark>', "<mark>Three</mark> four."]


@pytest.mark.parametrize("span", [(5, 2), (-3, 4), (0, 999), (4, 4)])
def test_a_span_outside_the_text_marks_nothing(span):
    assert body_of(reading.article_html(article("One two."), Span(*span))) == (["One two."], [])


@pytest.mark.parametrize("words", HOSTILE)
def test_the_reading_page_shows_hostile_words_as_words(words):
    page = reading.article_html(
        article(f"{words} end", title=words, publisher=words, author=words, url=words), Span(0, 2)
    )
    tags = set(re.findall(r"<(\w+)", page.split("</style>")[1]))
    assert tags <= {"body", "main", "nav", "a", "article", "header", "h1", "p", "mark", "footer"}
    assert re.findall(r'href="([^"]*)"', page) == ["/"]
    assert not UNSAFE.search(page)


def test_the_reading_page_allows_no_script_and_no_request():
    policy = reading.HEADERS["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; "
        r"form-action 'none'; frame-ancestors 'self'",
        policy,
    )
