"""The page in a real Chromium: asking, reading, keeping, small screens, and words that attack."""

import json
import re
import shutil
import signal
from contextlib import contextmanager

import pytest

from tests.hostile import HOSTILE
from tests.page_engine import HEBREW
from tests.serving import serving

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
QUESTION = "How many foreign fighters did the UN envoy say are in Libya?"
REFUSED = "Who won the chess final?"
IN_PART = "What is known in part?"
ENDLESS = "What goes on for ever?"
PHONE = {"width": 360, "height": 740}
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
    with serving("PageEngine()") as (_, address):
        yield address


@contextmanager
def visitor(chromium):
    """Open addresses in fresh browsers; any foreign request, script or error fails the test."""
    contexts, wrong = [], []

    def watch(page):
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append("a script ran"), dialog.dismiss()))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))

    def open_page(address, **options):
        origin = re.match(r"https?://[^/]+", address)[0]
        context = chromium.new_context(**options)
        context.set_default_timeout(15_000)
        contexts.append(context)

        def request(sent):
            if not sent.url.startswith((f"{origin}/", "data:", "blob:")):
                wrong.append(f"request: {sent.url}")

        context.on("request", request)
        context.on("page", watch)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def visit(chromium):
    with visitor(chromium) as open_page:

        def open_chat(address, **options):
            page = open_page(address, **options)
            page.locator(".dl-welcome").wait_for()
            return page

        yield open_chat


def ask(page, question):
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def answered(page, question=QUESTION):
    ask(page, question)
    last = page.locator(".dl-turn").filter(has=page.locator(".dl-actions")).last
    last.locator(".dl-question", has_text=question).wait_for()
    return last


def reading(page):
    """The frame of the open pane, scrolled to the cited words."""
    frame = page.frame_locator("#dl-pane iframe")
    frame.locator("#cite").wait_for()
    return frame


def test_an_answer_cites_and_a_citation_opens_beside_it_at_its_words(visit, address):
    page = visit(address, viewport={"width": 1280, "height": 800})
    answered(page)
    text = page.locator(".dl-text").inner_text()
    assert re.search(r"at least 20,000 foreign fighters .* said on Wednesday\. \[1\]\[2\]", text)
    for mark, outlet in ((0, "Harbour Wire"), (1, "Eastbay Courier")):
        cite = page.locator("a.dl-cite").nth(mark)
        cite.click()
        marked = reading(page).locator("#cite")
        quote = page.locator(".dl-sources .dl-quote").nth(mark).inner_text()
        assert f"“{marked.inner_text()}”" == quote
        assert outlet in reading(page).locator("header").inner_text()
        page.get_by_role("button", name="Close").click()
        page.locator("#dl-pane").wait_for(state="hidden")
        assert cite.evaluate("mark => mark === document.activeElement")


def test_a_quote_far_down_is_scrolled_into_view_and_leads_to_the_original(visit, address):
    page = visit(address, viewport={"width": 1280, "height": 800})
    answered(page, "Which military bases are partly in foreign hands?")
    page.locator("a.dl-quote").first.click()
    frame = reading(page)
    assert frame.locator("#cite").inner_text().startswith("Ten military bases")
    page.wait_for_function("document.querySelector('iframe').contentWindow.scrollY > 500")
    pane = page.locator("#dl-pane").bounding_box()
    cited = frame.locator("#cite").bounding_box()
    assert pane["y"] < cited["y"] < pane["y"] + pane["height"] * 0.7
    original = frame.get_by_role("link", name="Original at harbourwire.example")
    assert original.get_attribute("href") == "https://harbourwire.example/2020/12/fighters"
    assert page.locator(".dl-turn").bounding_box()["width"] <= pane["x"]


def test_without_the_script_a_citation_is_a_link_to_the_article(visit, address):
    page = visit(address)
    answered(page)
    link = page.locator("a.dl-cite").first.get_attribute("href")
    page.goto(f"{address}{link}")
    assert page.locator("#cite").inner_text().startswith("The United Nations believes")


def test_over_a_citation_come_outlet_date_and_quote(visit, address):
    page = visit(address)
    answered(page)
    tip = page.locator(".dl-tip").first
    assert not tip.is_visible()
    page.locator("a.dl-cite").first.hover()
    tip.wait_for()
    assert re.match(r"Harbour Wire, 3 December 2020\s+“?The United Nations", tip.inner_text())
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")


def test_the_first_touch_shows_the_quote_and_the_second_opens_the_article(visit, address):
    page = visit(address, viewport=PHONE, has_touch=True, is_mobile=True)
    answered(page)
    cite = page.locator("a.dl-cite").nth(1)
    cite.tap()
    page.locator(".dl-tip").nth(1).wait_for()
    assert page.locator("#dl-pane").is_hidden()
    cite.tap()
    assert reading(page).locator("#cite").inner_text().startswith("Libya hosts 20,000")
    sheet = page.locator("#dl-pane").bounding_box()
    assert (sheet["x"], sheet["width"]) == (0, 360)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_an_answer_shows_while_it_is_written_and_stops_when_told(visit, address):
    page = visit(address)
    ask(page, ENDLESS)
    draft = page.locator(".dl-draft")
    draft.wait_for()
    assert draft.inner_text().split("\n")[0] == "Being written, not checked yet"
    assert page.locator(".dl-text > p").first.inner_text() == "Checked words."
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped. This is not the whole answer").wait_for()
    assert draft.count() == 0
    assert page.get_by_label("Your question").input_value() == ENDLESS
    answered(page)
    assert page.locator(".dl-question").all_inner_texts() == [QUESTION]


def test_the_escape_key_in_the_box_stops_too(visit, address):
    page = visit(address)
    ask(page, ENDLESS)
    page.locator(".dl-draft").wait_for()
    page.get_by_label("Your question").press("Escape")
    page.get_by_text("Stopped. This is not the whole answer").wait_for()


def test_support_is_told_in_words_at_each_sentence(visit, address):
    page = visit(address)
    answered(page, IN_PART)
    assert page.locator(".dl-partly .dl-mark").inner_text() == "partly supported"
    assert page.locator(".dl-unsupported").inner_text().split("\n") == [
        "Not supported by the articles",
        "They dance.",
    ]
    assert "They dance" not in page.locator(".dl-text > p").first.inner_text()
    facts = page.locator(".dl-facts").inner_text()
    assert re.search(r"Confidence\s+high\s+Made\s+Written by writer-1 in 0.04 s", facts)


def test_the_next_question_comes_to_the_top_and_earlier_turns_stay(visit, address):
    page = visit(address)
    answered(page)
    answered(page, REFUSED)
    assert page.locator(".dl-question").all_inner_texts() == [QUESTION, REFUSED]
    assert page.locator(".dl-reason").inner_text() == "The articles do not say."
    assert page.locator(".dl-near a").count() > 0
    page.wait_for_function(
        "document.querySelectorAll('.dl-turn')[1].getBoundingClientRect().top < 40"
    )


def test_the_last_question_can_be_asked_again_or_changed(visit, address):
    page = visit(address)
    answered(page)
    answered(page, REFUSED)
    page.get_by_role("button", name="Edit").click()
    page.get_by_text("Change the question and ask it.").wait_for()
    page.wait_for_function("document.activeElement.localName === 'textarea'")
    assert page.get_by_label("Your question").input_value() == REFUSED
    answered(page, IN_PART)
    assert page.locator(".dl-question").all_inner_texts() == [QUESTION, IN_PART]
    page.get_by_role("button", name="Retry").click()
    page.get_by_role("button", name="Stop").wait_for(state="hidden")
    page.locator(".dl-partly").wait_for()
    assert page.locator(".dl-question").all_inner_texts() == [QUESTION, IN_PART]


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
    answered(page)
    assert alert.count() == 0


def test_an_offered_question_asks_itself_and_the_offer_leaves(visit, address):
    page = visit(address)
    offered = page.locator(".dl-offered button")
    chosen = offered.first.inner_text()
    assert chosen == "How many foreign fighters and mercenaries are on Libyan soil?"
    offered.first.click()
    page.locator(".dl-sources").wait_for()
    assert page.locator(".dl-question").inner_text() == chosen
    assert offered.count() == 0


def test_filters_limit_the_answer_and_stand_in_the_address(visit, address):
    page = visit(address)
    page.get_by_role("button", name="Filters and settings").click()
    page.get_by_label("Outlets").click()
    page.get_by_role("option", name="Eastbay Courier").click()
    page.get_by_label("From", exact=True).fill("2020-12-01")
    page.get_by_text("Only from: Eastbay Courier from 1 December 2020").wait_for()
    answered(page)
    assert page.locator(".dl-origin").all_inner_texts() == ["Eastbay Courier, 4 December 2020"]
    page.wait_for_url(re.compile(r"/\?q=How\+many.*&outlet=Eastbay\+Courier&from=2020-12-01$"))


def test_a_shared_address_fills_the_page_in_and_asks_at_one_press(visit, address):
    page = visit(f"{address}/?q=How+many+foreign+fighters%3F&outlet=Eastbay+Courier&passages=5")
    page.get_by_text("This question came with the address.").wait_for()
    assert page.locator(".dl-turn").count() == 0
    assert page.get_by_label("Your question").input_value() == "How many foreign fighters?"
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".dl-origin").first.wait_for()
    told = page.locator(".dl-facts").inner_text()
    assert re.search(r"Only from\s+Eastbay Courier", told)


def test_answers_and_conversations_can_be_kept_as_files(visit, address):
    page = visit(address)
    answered(page)
    last = answered(page, REFUSED)
    for within, kind, name in (
        (last, "Markdown", "dateline-answer.md"),
        (page.locator(".dl-all"), "HTML", "dateline-conversation.html"),
        (page.locator(".dl-all"), "JSON", "dateline-conversation.json"),
    ):
        within.locator("summary").last.click()
        with page.expect_download() as kept:
            within.get_by_role("button", name=kind).click()
        content = kept.value.path().read_text("utf-8")
        assert kept.value.suggested_filename == name
        assert REFUSED.rstrip("?") in content
        assert (QUESTION.rstrip("?") in content) == ("conversation" in name)
    assert [one["answered"] for one in json.loads(content)["answers"]] == [True, False]


def test_copying_takes_the_words_without_what_only_comes_up(visit, address):
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    answered(page)
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()").split("\n\n")
    assert copied[0] == QUESTION
    assert re.search(r"said on Wednesday\. \[1\]\[2\]", copied[1])
    assert len(copied) == 2 + page.locator(".dl-sources li").count()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("navigator.clipboard.readText().then(words => words.startsWith('http'))")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_feedback_is_kept_with_its_note_and_comes_back_as_gold(visit, address):
    page = visit(address)
    answered(page)
    good = page.get_by_role("button", name="Good answer")
    good.click()
    page.get_by_text("Thank you, it is kept.").wait_for()
    assert good.get_attribute("aria-pressed") == "true"
    page.get_by_label("What was right or wrong?").fill("The figure is right.")
    page.get_by_role("button", name="Save the note").click()
    page.get_by_text("Thank you, the note is kept.").wait_for()
    page.get_by_role("button", name="Filters and settings").click()
    with page.expect_download() as kept:
        page.get_by_role("button", name="Download good answers as gold questions").click()
    pairs = [json.loads(line) for line in kept.value.path().read_text().splitlines()]
    assert [pair["question"] for pair in pairs] == [QUESTION]
    assert pairs[0]["evidence"][0]["article"] == "wire-1"
    answered(page, REFUSED)
    assert page.locator("[aria-pressed=true]").count() == 1


def test_the_keyboard_alone_asks_reads_and_comes_back(visit, address):
    page = visit(address)
    page.get_by_label("Your question").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".dl-sources").wait_for()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "dl-cite":
            break
    focused = page.evaluate("document.activeElement.textContent")
    page.locator(".dl-chip:focus-within .dl-tip").wait_for()
    page.keyboard.press("Enter")
    reading(page)
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.keyboard.press("Escape")
    page.locator("#dl-pane").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == focused


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, address, scheme):
    page = visit(address, viewport=PHONE, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Filters and settings").click()
    page.get_by_label("Outlets").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    send = page.get_by_role("button", name="Ask", exact=True).bounding_box()
    assert send["x"] + send["width"] <= 360
    assert send["y"] + send["height"] <= 740


def test_at_twice_the_size_nothing_is_cut_off(visit, address):
    # What a browser of 1280 by 900 does when it magnifies by two.
    half = {"width": 640, "height": 450}
    page = visit(address, viewport=half, device_scale_factor=2)
    answered(page, IN_PART)
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    last = page.locator(".dl-sources li").last
    last.scroll_into_view_if_needed()
    foot = page.locator("#dl-foot").bounding_box()
    assert foot["height"] < 450 / 3
    page.locator("a.dl-quote").first.click()
    assert reading(page).locator("#cite").is_visible()
    assert page.get_by_role("button", name="Close").bounding_box()["y"] >= 0


def test_right_to_left_words_run_right_to_left(visit, address):
    page = visit(address)
    ask(page, HEBREW)
    question = page.locator(".dl-question")
    question.wait_for()
    assert question.evaluate("e => getComputedStyle(e).direction") == "rtl"


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"iframes": False}).response["violations"]
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing_serious(visit, address, scheme):
    page = visit(address, color_scheme=scheme, viewport={"width": 1280, "height": 1000})
    assert violations(page) == []
    answered(page, IN_PART)
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_text("Thank you, it is kept.").wait_for()
    page.locator(".dl-turn summary").first.click()
    page.get_by_role("button", name="Filters and settings").click()
    page.get_by_label("Outlets").wait_for()
    assert violations(page) == []
    answered(page, REFUSED)
    page.locator("a.dl-quote").first.click()
    reading(page)
    assert violations(page) == []


def test_two_people_at_once_see_their_own_conversations_only(visit, address):
    pages = [visit(address), visit(address)]
    answered(pages[0])
    answered(pages[1], REFUSED)
    questions = [page.locator(".dl-question").all_inner_texts() for page in pages]
    assert questions == [[QUESTION], [REFUSED]]


OURS = set("a button dd details div dl dt form h2 h3 label li p q section span".split()) | set(
    "strong summary textarea ul".split()
)


def test_no_hostile_word_runs_or_loads_anything(visit, address):
    page = visit(f"{address}/?q=%3Cscript%3Ealert(1)%3C/script%3E&outlet=%3Cb%3E&from=%22")
    tags = "all => [...new Set(all.map(e => e.localName))]"
    last = answered(page, f"What did attackers whisper near Gotham? {' '.join(HOSTILE[:12])}"[:200])
    assert last.locator(".dl-sources li").count() >= len(HOSTILE)
    assert set(page.eval_on_selector_all("#dl-conversation .dl-turn *", tags)) <= OURS
    links = page.eval_on_selector_all("#dl-conversation a", "all => all.map(e => e.href)")
    assert all(link.startswith(f"{address}/article/") for link in links)
    page = visit(address)
    answered(page, "What does the hostile model say?")
    assert set(page.eval_on_selector_all("#dl-conversation .dl-turn *", tags)) <= OURS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#dl-foot").is_visible()
    page.get_by_role("button", name="Filters and settings").click()
    page.get_by_label("Outlets").click()
    page.get_by_role("option").nth(len(HOSTILE) // 2).wait_for()


def test_no_hostile_article_runs_or_loads_anything(chromium, address):
    with visitor(chromium) as open_page:
        page = open_page(f"{address}/article/h0")
        for number, words in list(enumerate(HOSTILE))[::5]:  # all of them: tests/test_render.py
            page.goto(f"{address}/article/h{number}?start=0&end=19&pane=1#cite")
            assert page.locator("mark").inner_text() == "Attackers whispered"
            assert page.locator("script, img, iframe, b, form, link, base").count() == 0
            assert page.locator("a").count() == 0, words


def test_an_empty_collection_behind_a_password_stops_quietly(chromium):
    with (
        serving("FakeEngine(())", password="ann:secret") as (process, address),
        visitor(chromium) as open_page,
    ):
        page = open_page(address)
        assert page.url == f"{address}/login"
        page.get_by_label("User").fill("ann")
        page.get_by_label("Password").fill("secret")
        page.keyboard.press("Enter")
        page.get_by_text("There are no articles to ask about yet.").wait_for()
        assert "dateline ingest PATH" in page.locator(".dl-masthead p").inner_text()
        assert page.locator(".dl-offered").count() == 0
        ask(page, REFUSED)
        page.locator(".dl-reason").wait_for()
        page.locator("#dl-stop").wait_for(state="hidden")  # else the page's request is cut off
        page.goto(f"{address}/login")
        page.get_by_role("button", name="Log out").click()
        page.goto(address)
        assert page.url == f"{address}/login"
        page.context.close()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
    assert process.returncode == 0
