"""Make the pictures in docs/screenshots from a running server, and one over an empty home.

dateline serve --samples samples/articles
dateline serve --home EMPTY --port 7861
python -m tools.screenshots http://127.0.0.1:7860 http://127.0.0.1:7861

With a third address, of a server whose language model writes slowly, the picture of an answer
being written is made too.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
QUESTION = "How many foreign fighters did the UN estimate are in Libya?"
REFUSED = "Who won the chess final in Oslo?"
DESKTOP = (1280, 860)
PHONE = (360, 740)


def opened(browser: Browser, address: str, size: tuple[int, int], scheme: str = "light") -> Page:
    """The page at that size."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    page.locator(".dl-welcome").wait_for()
    return page


def answered(page: Page, question: str = QUESTION) -> Page:
    """The page after the question has been answered."""
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    page.locator(".dl-facts").wait_for()
    page.get_by_label("Your question").blur()
    return page


def reading(page: Page) -> Page:
    """The page with the first citation's article open."""
    page.locator("a.dl-cite").first.click()
    page.frame_locator("#dl-pane iframe").locator("#cite").wait_for()
    page.mouse.move(5, 5)
    return page


def main(address: str, empty: str, slow: str | None = None) -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.wait_for_timeout(500)  # fonts and transitions
        page.screenshot(path=FOLDER / f"{name}.png")
        page.close()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        keep(opened(browser, address, DESKTOP), "start")
        keep(answered(opened(browser, address, DESKTOP)), "chat")
        keep(reading(answered(opened(browser, address, DESKTOP))), "reading")
        keep(answered(opened(browser, address, DESKTOP), REFUSED), "refusal")
        keep(answered(opened(browser, address, DESKTOP, "dark")), "chat-dark")
        keep(answered(opened(browser, address, PHONE)), "chat-phone")
        keep(reading(answered(opened(browser, address, PHONE))), "reading-phone")
        controls = opened(browser, address, DESKTOP)
        controls.get_by_role("button", name="Filters and settings").click()
        keep(controls, "filters")
        keep(opened(browser, empty, DESKTOP), "empty")
        if slow:
            writing = opened(browser, slow, DESKTOP)
            writing.get_by_label("Your question").fill(QUESTION)
            writing.get_by_label("Your question").press("Enter")
            writing.locator(".dl-text > p:not(.dl-draft) + .dl-draft").wait_for()
            keep(writing, "streaming")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
