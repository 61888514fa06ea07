"""Make the pictures in docs/screenshots from a running server.

dateline serve --samples samples/articles
python -m tools.screenshots http://127.0.0.1:7860
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
QUESTION = "How many foreign fighters did the UN estimate are in Libya?"
DESKTOP = (1280, 860)
PHONE = (360, 740)


def answered(browser: Browser, address: str, size: tuple[int, int], scheme: str = "light") -> Page:
    """A page of that size that shows the answer."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    page.locator(".dl-beside").wait_for()
    page.get_by_label("Your question").blur()
    return page


def main(address: str) -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        chat = answered(browser, address, DESKTOP)
        chat.screenshot(path=FOLDER / "chat.png")
        with chat.context.expect_page() as opened:
            chat.locator("a.dl-quote").first.click()
        opened.value.locator("mark").first.wait_for()
        opened.value.screenshot(path=FOLDER / "article.png")
        answered(browser, address, PHONE).screenshot(path=FOLDER / "chat-phone.png")
        answered(browser, address, DESKTOP, "dark").screenshot(path=FOLDER / "chat-dark.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
