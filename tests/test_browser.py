"""The page in a real Chromium: asking, reading, small screens, and words that attack."""

import re
import shutil
import signal

import pytest

from tests.hostile import HOSTILE
from tests.serving import serving

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
QUESTION = "How many foreign fighters did the UN envoy say are in Libya?"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address():
    with serving("FakeEngine()") as (_, address):
        yield address


@pytest.fixture
def visit(chromium):
    """Open an address in a fresh browser; any foreign request, script or error fails the test."""
    contexts, wrong = [], []

    def watch(page, origin):
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append("a script ran"), dialog.dismiss()))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))

    def open_page(address, **options):
        context = chromium.new_context(**options)
        context.set_default_timeout(15_000)
        contexts.append(context)

        def request(sent):
            if not sent.url.startswith((f"{address}/", "data:", "blob:")):
                wrong.append(f"request: {sent.url}")

        context.on("request", request)
        context.on("page", lambda page: watch(page, address))
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Your question").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def ask(page, question):
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def test_an_answer_cites_and_a_citation_opens_the_article_at_its_words(visit, address):
    page = visit(address)
    ask(page, QUESTION)
    page.locator(".dl-sources li").nth(1).wait_for()
    text = page.locator(".dl-text").inner_text()
    assert re.search(r"at least 20,000 foreign fighters .* said on Wednesday\. \[1\]\[2\]", text)
    for mark, outlet in ((0, "Harbour Wire"), (1, "Eastbay Courier")):
        cite = page.locator("a.dl-cite").nth(mark)
        assert outlet in cite.get_attribute("title")
        with page.context.expect_page() as opened:
            cite.click()
        reading = opened.value
        marked = reading.locator("#cite")
        quote = page.locator(".dl-sources .dl-quote").nth(mark).inner_text()
        assert f"“{marked.inner_text()}”" == quote
        assert outlet in reading.locator("header").inner_text()


def test_a_quote_far_down_is_scrolled_into_view(visit, address):
    page = visit(address)
    ask(page, "Which military bases are partly in foreign hands?")
    page.locator(".dl-sources").wait_for()
    with page.context.expect_page() as opened:
        page.locator("a.dl-quote").first.click()
    reading = opened.value
    reading.wait_for_load_state()
    assert reading.locator("#cite").inner_text().startswith("Ten military bases")
    assert reading.evaluate("scrollY") > 500
    top = reading.locator("#cite").bounding_box()["y"]
    assert 0 < top < reading.viewport_size["height"] * 0.6


def test_the_next_question_comes_to_the_top_and_earlier_turns_stay(visit, address):
    page = visit(address)
    ask(page, QUESTION)
    page.locator(".dl-sources").wait_for()
    ask(page, "Who won the chess final?")
    page.locator(".dl-reason").wait_for()
    assert page.locator(".dl-question").all_inner_texts() == [QUESTION, "Who won the chess final?"]
    assert page.locator(".dl-reason").inner_text() == "The articles do not say."
    assert page.locator(".dl-near a").count() > 0
    page.wait_for_function(
        "document.querySelectorAll('.dl-turn')[1].getBoundingClientRect().top < 40"
    )


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("", "The question is empty: type one."),
        ("x" * 2001, "The question has 2,001 characters; 2,000 is the most."),
    ],
)
def test_a_question_that_cannot_be_asked_gets_a_line_and_stays(visit, address, question, notice):
    page = visit(address)
    ask(page, question)
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == notice
    assert page.get_by_label("Your question").input_value() == question
    ask(page, QUESTION)
    page.locator(".dl-sources").wait_for()
    assert alert.count() == 0


def test_an_example_asks_itself_and_the_examples_leave(visit, address):
    page = visit(address)
    examples = page.locator("#dl-examples button")
    examples.first.wait_for()
    chosen = examples.first.inner_text()
    examples.first.click()
    page.locator(".dl-text").wait_for()
    assert page.locator(".dl-question").inner_text() == chosen
    examples.first.wait_for(state="hidden")


def test_an_empty_collection_says_how_to_fill_it(visit):
    with serving("FakeEngine(())") as (_, address):
        page = visit(address)
        head = page.locator(".dl-masthead p")
        head.wait_for()
        assert "dateline ingest PATH" in head.inner_text()
        assert page.locator("#dl-examples button").count() == 0


def test_ctrl_c_stops_the_server_quietly_while_a_page_is_open(visit):
    with serving("FakeEngine()") as (process, address):
        page = visit(address)
        ask(page, QUESTION)
        page.locator(".dl-sources").wait_for()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
        page.context.close()
    assert process.returncode == 0


def test_the_keyboard_alone_asks_and_opens_a_citation(visit, address):
    page = visit(address)
    page.get_by_label("Your question").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".dl-sources").wait_for()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "dl-cite":
            break
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.locator("#cite").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, address, scheme):
    page = visit(address, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    ask(page, QUESTION)
    page.locator(".dl-sources").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    send = page.get_by_role("button", name="Ask").bounding_box()
    assert send["x"] + send["width"] <= 360
    assert send["y"] + send["height"] <= 740
    assert contrast(page, ".dl-text p") >= 4.5
    assert contrast(page, ".dl-origin") >= 4.5
    assert contrast(page, "a.dl-cite") >= 4.5


def contrast(page, selector):
    """The WCAG contrast of an element's colour on the page's ground."""
    colour, ground = page.evaluate(
        """selector => [
            getComputedStyle(document.querySelector(selector)).color,
            getComputedStyle(document.querySelector('.gradio-container')).backgroundColor,
        ]""",
        selector,
    )
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_with_a_password_the_page_opens_after_a_log_in(chromium):
    with serving("FakeEngine()", password="ann:secret") as (_, address):
        context = chromium.new_context()
        context.set_default_timeout(15_000)
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.goto(address)
        assert page.url == f"{address}/login"
        page.get_by_label("User").fill("ann")
        page.get_by_label("Password").fill("secret")
        page.keyboard.press("Enter")
        ask(page, QUESTION)
        page.locator(".dl-sources li").nth(1).wait_for()
        with context.expect_page() as opened:
            page.locator("a.dl-cite").first.click()
        assert "20,000 foreign fighters" in opened.value.locator("#cite").inner_text()
        page.goto(f"{address}/login")
        page.get_by_role("button", name="Log out").click()
        page.goto(address)
        assert page.url == f"{address}/login"
        context.close()
    assert wrong == []


def test_two_people_at_once_see_their_own_conversations_only(visit, address):
    pages = [visit(address), visit(address)]
    ask(pages[0], QUESTION)
    pages[0].locator(".dl-sources").wait_for()
    ask(pages[1], "Who won the chess final?")
    pages[1].locator(".dl-reason").wait_for()
    questions = [page.locator(".dl-question").all_inner_texts() for page in pages]
    assert questions == [[QUESTION], ["Who won the chess final?"]]


def test_no_hostile_word_runs_or_loads_anything(visit):
    with serving("hostile_engine()") as (_, address):
        page = visit(address)
        ask(page, f"What did foreign fighters say about Libya? {' '.join(HOSTILE[:12])}")
        page.locator(".dl-sources li").nth(len(HOSTILE) - 1).wait_for()
        tags = page.eval_on_selector_all(
            "#dl-conversation .dl-turn *", "all => [...new Set(all.map(e => e.localName))].sort()"
        )
        assert tags == ["a", "div", "h2", "h3", "li", "p", "span", "ul"]
        links = page.eval_on_selector_all("#dl-conversation a", "all => all.map(e => e.href)")
        assert all(link.startswith(f"{address}/article/") for link in links)
        for number, words in enumerate(HOSTILE):
            page.goto(f"{address}/article/h{number}?start=0&end=20#cite")
            assert page.locator("mark").inner_text() == "The foreign fighters"
            assert page.locator("script, img, iframe, b").count() == 0
            assert page.locator("a").count() == 1, words
