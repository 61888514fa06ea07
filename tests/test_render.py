"""Whatever an article, a question or a model says, it is shown as words and nothing else."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.article import Article, Metadata, Span
from index.records import Coverage
from rag.answer import Answer, ArticleRef, Citation, Passage, Refusal, Sentence
from tests.hostile import HOSTILE
from ui import answer_html, conversation, reading, render, text
from ui.links import outside_url
from ui.terminal import answer_text
from ui.turns import Choices, Turn

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

TAGS = set(
    "section div h1 h2 h3 p ul li a span header strong q dl dt dd details summary button form label"
    " textarea".split()
)
ATTRIBUTES = set(
    "class dir href target rel role id hidden for rows maxlength type aria-label aria-describedby"
    " aria-pressed data-act data-turn data-kind data-address".split()
)
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Reader(HTMLParser):
    """Reads HTML as a browser would: the words, the tags, the links; `tips` are the words that
    only come up over a citation.
    """

    def __init__(self, markup):
        super().__init__()
        self.words, self.open, self.links, self.names = "", [], [], set()
        self.tips, self.tip_from = [], None
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        if ("role", "tooltip") in attrs:
            self.tips.append("")
            self.tip_from = len(self.open)
        self.open.append(tag)
        self.names |= {value for name, value in attrs if name == "class"}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if len(self.open) == self.tip_from:
            self.tip_from = None

    def handle_data(self, data):
        if self.tip_from is None:
            self.words += data
        else:
            self.tips[-1] += data

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


def as_turn(answer, **chosen):
    return Turn(answer, Choices(**chosen), date(2024, 5, 1))


def shown(answer, **chosen):
    return answer_html.whole(as_turn(answer, **chosen), 0)


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
        page = read(conversation.turn_html(turn.question, shown(turn)))
        assert text.line(words) in " ".join(page.words.split())
        assert all(link.startswith("/article/") for link in page.links)
    read(render.notice_html(words))
    read(render.masthead_html(Coverage(1, (words,), words, words)))


@pytest.mark.parametrize("words", HOSTILE)
def test_every_prefix_of_a_streamed_text_is_inert(words):
    for end in range(len(words) + 1):
        page = read(conversation.turn_html("Q", answer_html.draft([words[:end]])))
        assert page.links == []
        assert "".join(page.words.split()) == "Q" + "".join(text.clean(words[:end]).split())


@pytest.mark.parametrize("words", HOSTILE)
def test_every_prefix_of_the_sentence_under_way_is_inert(words):
    for end in range(len(words) + 1):
        page = read(conversation.turn_html("Q", answer_html.draft([], words[:end])))
        assert page.links == []
        assert "".join(page.words.split()).endswith("".join(text.line(words[:end]).split()))


@given(st.text())
def test_any_text_is_shown_in_its_own_words(words):
    page = read(conversation.turn_html(words, answer_html.draft([words])))
    assert "".join(page.words.split()) == "".join(text.clean(words).split()) * 2


@pytest.mark.parametrize("words", HOSTILE)
def test_the_gate_changes_nothing_that_the_renderers_make(words, monkeypatch):
    answers = (ANSWER, REFUSED, *poisoned(words))
    whole = conversation.html([as_turn(answer) for answer in answers])
    monkeypatch.setattr(conversation, "gate", str)
    ungated = conversation.html([as_turn(answer) for answer in answers])
    assert read(whole).words == read(ungated).words
    assert read(whole).links == read(ungated).links
    assert read(whole).names == read(ungated).names


def test_the_gate_stops_what_a_renderer_let_through():
    slip = '<p onclick="x()">a<img src=//evil.example><a href="javascript:x()">b</a></p>'
    assert conversation.html((), slip) == "<p>a<a>b</a></p>"


def test_citation_marks_link_to_the_quoted_words_in_the_article():
    page = read(shown(ANSWER))
    assert page.links == [
        "/article/wire%2F1?revision=1&start=10&end=34#cite",
        "/article/courier?revision=1&start=5&end=21#cite",
        "/article/wire%2F1?revision=1&start=10&end=34#cite",
        "https://harbourwire.example/fighters?a=1&b=2",
        "/article/courier?revision=1&start=5&end=21#cite",
    ]


def test_over_a_citation_come_outlet_date_and_quote():
    page = read(shown(ANSWER))
    assert page.tips == [
        "Harbour Wire, 3 December 2020 at least 20,000 fighters",
        "notes/courier.txt, undated 20,000 are there",
    ]


WEAK = replace(
    ANSWER,
    text="All are there [1]. Few left [2] [partly supported] They dance. [unsupported] "
    "So it is [1].",
    sentences=(
        Sentence("All are there [1].", "supported", (1,)),
        Sentence("Few left [2] [partly supported]", "partial", (2,)),
        Sentence("They dance. [unsupported]", "unsupported", ()),
        Sentence("So it is [1].", "supported", (1,)),
    ),
)


def test_each_sentence_shows_how_well_it_is_supported():
    said = re.sub(r'<span class="dl-tip".*?</q></span>|</?a\b[^>]*>', "", shown(WEAK))
    chip = '<span class="dl-chip">'
    assert (
        f'<p dir="auto">All are there {chip}[1]</span>. '
        f'<span class="dl-partly">Few left {chip}[2]</span> '
        '<span class="dl-mark">partly supported</span></span></p>'
        '<p class="dl-unsupported" dir="auto">'
        '<span class="dl-mark">Not supported by the articles</span> They dance.</p>'
        f'<p dir="auto">So it is {chip}[1]</span>.</p>'
    ) in said


def test_items_of_a_list_are_on_lines_of_their_own_and_wrapped_lines_are_not():
    said = "The two\nwho stayed:\n\n- Ada Boll\n- Jon Reed,\n  who leads"
    sentence = replace(ANSWER.sentences[0], text=f"{said} [1]")
    quoted = replace(ANSWER.citations[0], quote=said)
    answer = replace(
        ANSWER, text=sentence.text, sentences=(sentence,), citations=(quoted, *ANSWER.citations[1:])
    )
    words = read(shown(answer)).words
    assert words.count("The two who stayed:\n- Ada Boll\n- Jon Reed, who leads") == 2


def test_what_is_streamed_is_marked_like_the_answer():
    pieces = [one.text + " " for one in WEAK.sentences]
    told = answer_html.draft(pieces, "Being wri")
    assert '<span class="dl-mark">Not supported by the articles</span> They dance.</p>' in told
    assert told.count("dl-unsupported") == 1
    assert told.endswith(
        '<p class="dl-draft" dir="auto"><span class="dl-mark">Being written, not checked yet</span>'
        " Being wri</p></div></div>"
    )


def test_a_refusal_keeps_what_a_model_wrote_without_support_folded_away():
    sentence = Sentence("They dance. [unsupported]", "unsupported", ())
    told = shown(replace(REFUSED, sentences=(sentence,)))
    assert "<details><summary>What the language model wrote</summary>" in told
    assert "Not supported by the articles</span> They dance.</p></details>" in told
    assert "<details>" not in shown(REFUSED)


def test_beside_the_answer_stands_how_it_was_asked_and_made():
    page = read(
        shown(
            replace(ANSWER, standalone="How many fighters?"),
            publishers=("Harbour Wire",),
            published_from="2020-12-01",
        )
    )
    assert (
        "Asked asHow many fighters?Only fromHarbour Wire from 1 December 2020"
        "ConfidencehighMadeQuoted from the articles in 0.04 sSources"
    ) in page.words


def test_only_the_last_answer_can_be_asked_again():
    told = conversation.html([as_turn(ANSWER), as_turn(REFUSED)])
    assert re.findall(r'data-act="(?:retry|edit)" data-turn="(\d)"', told) == ["1", "1"]
    assert re.findall(r'data-act="copy" data-turn="(\d)"', told) == ["0", "1"]


def test_ids_of_two_turns_with_the_same_citations_differ():
    told = conversation.html([as_turn(ANSWER), as_turn(ANSWER)])
    ids = re.findall(r' id="([^"]+)"', told)
    assert len(ids) == len(set(ids)) == 6
    assert set(re.findall(r'aria-describedby="([^"]+)"', told)) <= set(ids)


def test_a_mark_without_a_citation_stays_plain_text():
    page = read(shown(replace(ANSWER, text="So [1], not [7] or [12345].")))
    assert "So [1], not [7] or [12345]." in page.words
    assert len([link for link in page.links if link.startswith("/article/wire")]) == 2


def test_each_source_shows_quote_outlet_and_date():
    words = read(shown(ANSWER)).words
    assert "“at least 20,000 fighters”Harbour Wire, 3 December 2020 harbourwire.example" in words
    assert "“20,000 are there”notes/courier.txt, undated" in words


def test_a_short_answer_is_shown_unless_the_text_opens_with_it():
    assert "dl-short" in read(shown(ANSWER)).names
    plain = replace(ANSWER, text="at least 20,000 are there [1][2].")
    assert "dl-short" not in read(shown(plain)).names


def test_sentences_that_the_quotes_do_not_carry_are_counted():
    weak = Sentence("Perhaps.", "partial", (1,))
    answer = replace(ANSWER, sentences=(*ANSWER.sentences, weak))
    note = "1 of 2 sentences is not fully supported by the quoted words."
    assert note in read(shown(answer)).words
    assert note in answer_text(answer, 80, styled=False)
    assert note in render.markdown(answer)


def test_a_refusal_shows_reason_coverage_and_passages_that_are_not_sources():
    page = read(shown(REFUSED))
    assert page.words == (
        "The articles do not say."
        "The collection holds 2 articles from 1 outlet, 3 December 2020 to 4 December 2020."
        "MadeQuoted from the articles in 0.04 s"
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
        "    undated\n"
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
    assert (words or "Quoted from") in answer_text(answer, 100, styled=False)
    page = read(shown(answer)).words
    assert (f"Confidence{words.split()[0]}" in page) if words else ("Confidence" not in page)
    assert "0.79" not in page


def test_the_terminal_says_what_the_collection_covers_when_it_refuses():
    assert answer_text(REFUSED, 100, styled=False) == (
        "The articles do not say.\n"
        "The collection holds 2 articles from 1 outlet, 3 December 2020 to 4 December 2020.\n"
        "\n"
        "Nearest passages, not an answer\n"
        "-   “The road was opened in June.”\n"
        "    undated\n"
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
