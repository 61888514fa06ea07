"""The Library and the Evaluation tab in a real Chromium."""

import json
import re
import shutil

import pytest

import rag
from index.lock import WriterLock
from tests.conftest import ROOT
from tests.hostile import HOSTILE
from tests.serving import serving

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
SAMPLES = (
    "harbour-wire-fighters.txt",
    "eastbay-courier-lighthouse.txt",
    "cape-ledger-road.txt",
    "cape-ledger-count.md",
    "meridian-post-moscow.md",
)
HARBOUR = (
    "---\ntitle: Port Vale harbour closes\npublisher: Port Post\npublished: 2022-05-06\n---\n"
    "The harbour of Port Vale closed on Monday after 412 containers fell into the sea, the port "
    "authority said.\n"
)


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home of five sample articles."""
    folder = tmp_path_factory.mktemp("library")
    for name in (*SAMPLES, "articles.csv"):
        shutil.copy(ROOT / "samples" / "articles" / name, folder)
    with rag.connect(folder / "home") as engine:
        assert len(engine.ingest([folder / name for name in SAMPLES]).added) == len(SAMPLES)
    return folder / "home"


@pytest.fixture(scope="module")
def address(home):
    with serving(f"__import__('rag').connect({str(home)!r}, reader='features')") as (_, address):
        yield address


@pytest.fixture
def visit(chromium, address):
    """Open a tab in a fresh browser; any foreign request, script or error fails the test."""
    contexts, wrong = [], []

    def watch(page):
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append("a script ran"), dialog.dismiss()))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))

    def open_tab(name, **options):
        context = chromium.new_context(**options)
        context.set_default_timeout(20_000)
        contexts.append(context)

        def request(sent):
            if not sent.url.startswith((f"{address}/", "data:", "blob:")):
                wrong.append(f"request: {sent.url}")

        context.on("request", request)
        context.on("page", watch)
        page = context.new_page()
        page.goto(address)
        show(page, name)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert wrong == []


def show(page, name):
    page.get_by_role("tab", name=name).click()
    page.locator({"Library": ".dl-count", "Evaluation": ".dl-go"}[name]).wait_for()


def hand_over(page, *files):
    page.locator("#dl-files input[type=file]").set_input_files(files)
    page.get_by_text(re.compile(r"(taken in)\.$")).wait_for()


def outcomes(page):
    names, words = page.locator(".dl-name"), page.locator(".dl-outcome")
    return dict(zip(names.all_inner_texts(), words.all_inner_texts(), strict=True))


def titles(page):
    return page.locator("a.dl-open").all_inner_texts()


def count(page, words):
    page.locator(".dl-count", has_text=re.compile(f"^{words}$")).wait_for()


def remove(page, *names):
    for name in names:
        page.get_by_label(f"Select {name}").check()
    page.get_by_role("button", name="Remove selected").click()


def empty_bin_of(page, name):
    page.locator(".dl-bin summary").click()
    page.get_by_role("button", name=f"Delete {name} for good").click()
    page.get_by_text("1 article deleted for good.").wait_for()


def test_an_upload_tells_its_progress_and_the_new_article_answers(visit, tmp_path):
    page = visit("Library")
    count(page, "5 articles")
    for name, content in (
        ("harbour.md", HARBOUR.encode()),
        ("picture.txt", bytes(range(256)) * 40),
        ("large.txt", b"word " * 4_100_000),
    ):
        (tmp_path / name).write_bytes(content)
    assert "Port Post" not in page.locator(".dl-coverage table").text_content()
    hand_over(page, *(tmp_path / name for name in ("harbour.md", "picture.txt", "large.txt")))
    told = outcomes(page)
    assert told["harbour.md"] == "1 article added"
    assert told["picture.txt"].startswith("is not text but binary data")
    assert told["large.txt"] == "is larger than 20 MB; split it into smaller files"
    assert page.locator(".dl-adding progress").count() == 3
    assert page.locator("[role=status]", has_text="1 taken in, 2 not taken in.").count() == 1
    count(page, "6 articles")
    assert "Port Post" in page.locator(".dl-coverage table").text_content()
    assert "6 articles from" in page.locator(".dl-masthead p").inner_text()
    page.get_by_role("tab", name="Ask").click()
    box = page.get_by_label("Your question")
    box.fill("How many containers fell into the sea at Port Vale?")
    box.press("Enter")
    page.locator(".dl-sources").wait_for()
    assert "412 containers" in page.locator(".dl-text").inner_text()
    show(page, "Library")
    remove(page, "Port Vale harbour closes")
    count(page, "5 articles")
    empty_bin_of(page, "Port Vale harbour closes")


def test_files_that_are_too_much_at_once_are_named_and_the_others_go_in(visit, tmp_path):
    page = visit("Library")
    for name in ("first.txt", "huge.txt"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(70_000_000 if name == "huge.txt" else 10)
    hand_over(page, tmp_path / "huge.txt", tmp_path / "first.txt")
    alert = page.get_by_role("alert").filter(has_text="Not sent")
    assert alert.inner_text() == (
        "Not sent: huge.txt. 60 MB are the most at once; add large files in turn."
    )
    assert list(outcomes(page)) == ["first.txt"]
    (tmp_path / "empty.txt").write_text("")
    hand_over(page, tmp_path / "empty.txt")
    page.locator(".dl-name", has_text="empty.txt").wait_for()
    assert alert.count() == 0


def test_a_person_does_not_see_what_another_one_adds_until_it_is_in(visit, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    mine, theirs = visit("Library"), visit("Library")
    hand_over(mine, tmp_path / "empty.txt")
    assert list(outcomes(mine)) == ["empty.txt"]
    assert outcomes(theirs) == {}


def test_search_filters_and_order_narrow_the_table_down(visit):
    page = visit("Library")
    count(page, "5 articles")
    page.get_by_role("searchbox").fill("moscow")
    count(page, "1 of 5 articles")
    page.get_by_role("searchbox").fill("")
    count(page, "5 articles")
    page.get_by_label("Outlet", exact=True).select_option("Cape Ledger")
    count(page, "2 of 5 articles")
    ledger = titles(page)
    page.get_by_label("Order", exact=True).select_option("oldest")
    page.locator("th.dl-date[aria-sort=ascending]").wait_for()
    assert titles(page) == ledger[::-1]
    page.get_by_label("From", exact=True).fill("2021-01-01")
    count(page, "1 of 5 articles")
    page.get_by_label("To", exact=True).fill("2021-01-02")
    page.get_by_text("No article passes these filters.").wait_for()
    with page.context.expect_page() as opened:
        page.get_by_label("To", exact=True).fill("")
        page.locator("a.dl-open").first.click()
    assert opened.value.locator("h1").inner_text() in ledger


def test_removing_and_undo_give_back_the_same_articles_and_picture(visit):
    page = visit("Library")
    count(page, "5 articles")
    before = titles(page)
    picture = page.locator(".dl-coverage table").text_content()
    remove(page, before[0], before[1])
    count(page, "3 articles")
    assert titles(page) == before[2:]
    assert page.locator("input[name=article]:checked").count() == 0
    assert page.locator(".dl-coverage table").text_content() != picture
    page.get_by_role("button", name="Undo").click()
    count(page, "5 articles")
    assert titles(page) == before
    assert page.locator(".dl-coverage table").text_content() == picture
    assert page.locator(".dl-bin").count() == 0


def test_an_emptied_collection_says_what_to_do_and_comes_back_whole(visit):
    page = visit("Library")
    count(page, "5 articles")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Remove selected").click()
    count(page, "No articles yet")
    assert "Drop files into “Add articles”" in page.locator(".dl-nothing").inner_text()
    assert page.locator(".dl-coverage").count() == 0
    page.get_by_role("button", name="Undo").click()
    count(page, "5 articles")


def test_while_another_process_writes_the_page_says_so(visit, home, tmp_path):
    (tmp_path / "harbour.md").write_text(HARBOUR)
    page = visit("Library")
    count(page, "5 articles")
    lock = WriterLock(home)
    lock.acquire()
    try:
        hand_over(page, tmp_path / "harbour.md")
        assert outcomes(page)["harbour.md"].startswith("Another process is writing to")
        remove(page, titles(page)[0])
        page.get_by_role("alert").filter(has_text="Another process is writing to").wait_for()
        count(page, "5 articles")
    finally:
        lock.release()


def test_the_keyboard_alone_removes_and_restores(visit):
    page = visit("Library")
    count(page, "5 articles")
    first = titles(page)[0]
    page.get_by_label("Order", exact=True).focus()
    for key in ("Tab", "Tab", "Tab", "Space", "Shift+Tab", "Enter"):
        page.keyboard.press(key)
    count(page, "4 articles")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.innerText") == "Undo"
    page.keyboard.press("Enter")
    count(page, "5 articles")
    assert titles(page)[0] == first


def test_an_address_that_leads_nowhere_public_is_a_line(visit):
    page = visit("Library")
    box = page.get_by_label("Addresses of articles")
    box.fill("ftp://a.example/x")
    page.get_by_role("button", name="Add addresses").click()
    page.get_by_role("alert").filter(has_text="it must begin with http").wait_for()
    assert box.input_value() == "ftp://a.example/x"
    box.fill("http://127.0.0.1/admin")
    page.get_by_role("button", name="Add addresses").click()
    page.get_by_text("1 not taken in.").wait_for()
    assert "public" in outcomes(page)["http://127.0.0.1/admin"]


def test_an_evaluation_runs_shows_its_report_and_is_compared(visit, tmp_path):
    gold = tmp_path / "mine.jsonl"
    asked = [
        ("How many foreign fighters did the UN estimate?", ["at least 20,000"]),
        ("Who won the chess final?", []),
        ("How tall is the lighthouse?", ["nine hundred miles"]),
    ]
    gold.write_text(
        "\n".join(
            json.dumps({"id": str(n), "question": words, "answers": answers, "evidence": []})
            for n, (words, answers) in enumerate(asked)
        )
    )
    page = visit("Evaluation")
    page.get_by_text("No evaluation yet").wait_for()
    page.locator("#dl-run-row input[type=file]").set_input_files(gold)
    page.locator("select[name=gold] option:checked", has_text="mine.jsonl").wait_for(
        state="attached"
    )
    page.get_by_role("button", name="Run").click()
    page.locator("iframe.dl-report").wait_for()
    report = page.frame_locator("iframe.dl-report")
    assert report.locator("h1").inner_text() == "Evaluation"
    failed = page.locator(".dl-failures li", has_text="How tall is the lighthouse?")
    assert "Expected: nine hundred miles" in failed.inner_text()
    page.locator(".dl-runs tr").wait_for()
    page.get_by_label("Compare with").select_option(index=1)
    page.get_by_role("button", name="Run").click()
    page.locator(".dl-runs tr").nth(1).wait_for()
    report.get_by_text("3 questions in both runs").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Results (JSON)").click()
    assert json.loads(download.value.path().read_text())["questions"] == 3
    page.get_by_role("button", name=re.compile("^Show")).last.click()
    report.get_by_text("3 questions in both runs").wait_for(state="detached")


def test_a_file_that_is_no_gold_file_is_a_line(visit, tmp_path):
    (tmp_path / "bad.jsonl").write_text("no json")
    page = visit("Evaluation")
    page.locator("#dl-run-row input[type=file]").set_input_files(tmp_path / "bad.jsonl")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "\n" not in alert.inner_text().strip()


@pytest.mark.parametrize("tab", ["Library", "Evaluation"])
@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), (640, "light")], ids=["phone", "zoomed"]
)
def test_small_and_zoomed_pages_need_no_sideways_scrolling_and_pass_axe(visit, tab, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(tab, viewport={"width": width, "height": 740}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in serious] == []


def test_hostile_names_and_titles_run_no_script(visit, tmp_path):
    page = visit("Library")
    known = ("title", "publisher", "url", "author")
    lines = [
        {"text": f"Article {number}. {words}", "published": "2021-01-01"}
        | dict.fromkeys(known, words)
        for number, words in enumerate(HOSTILE)
    ]
    file = tmp_path / "<img src=x onerror=alert(1)>' \" & ${alert(1)} {{x}}.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    hand_over(page, file)
    page.locator(".dl-done", has_text=re.compile(r"\d+ articles added")).wait_for()
    page.locator(".dl-coverage svg").wait_for()
    page.get_by_role("searchbox").fill("jsonl#")
    page.locator(".dl-count", has_text=re.compile(r"\d+ of \d+ articles")).wait_for()
    tags = page.eval_on_selector_all(
        "#dl-list *, #dl-outcomes *", "all => [...new Set(all.map(e => e.localName))]"
    )
    assert set(tags) <= set(
        "a button details div h3 input label li nav p progress span summary table tbody td th "
        "thead tr ul".split()
    )
    links = page.eval_on_selector_all("#dl-list a", "all => all.map(e => e.pathname)")
    assert len(links) >= min(len(HOSTILE), 50) - 5
    assert all(link.startswith("/article/") for link in links)
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Remove selected").click()
    page.get_by_role("button", name="Undo").wait_for()
