"""Make the pictures of the Library and the Evaluation tab in docs/screenshots.

python -m tools.library_screenshots

It serves a home of its own with the sample articles, and an empty one.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"
DESKTOP, PHONE = (1280, 900), (360, 740)
ARTICLE = """---
title: Port Vale harbour closes
publisher: Port Post
published: 2021-05-06
---
The harbour of Port Vale closed on Monday after 412 containers fell into the sea.
"""


@contextmanager
def serving(home: Path, *options: str) -> Iterator[str]:
    """Serve a home; gives the address."""
    command = [
        sys.executable,
        "-c",
        "from ui.cli import main; main()",
        "serve",
        "--home",
        str(home),
        "--port",
        "0",
    ]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        found = (re.search(r"http://[\d.:]+", line) for line in server.stderr)
        try:
            yield next(each[0] for each in found if each)
        finally:
            server.terminate()


def opened(browser: Browser, address: str, tab: str, size: tuple[int, int], scheme: str) -> Page:
    """A page of that size that shows the tab."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    page.get_by_role("tab", name=tab).click()
    page.locator({"Library": ".dl-count", "Evaluation": ".dl-go"}[tab]).wait_for()
    return page


def library(browser: Browser, address: str, files: Path) -> None:
    """The filled Library: after an upload that went well in part, dark, and on a phone."""
    page = opened(browser, address, "Library", DESKTOP, "light")
    (files / "harbour.md").write_text(ARTICLE)
    (files / "picture.png").write_bytes(bytes(range(256)))
    (files / "empty.txt").write_text("")
    given = [files / name for name in ("harbour.md", "picture.png", "empty.txt")]
    page.locator("#dl-files input[type=file]").set_input_files(given)
    page.get_by_text("1 taken in, 2 not taken in.").wait_for()
    page.get_by_text("20 articles", exact=True).wait_for()
    page.locator("input[name=article]").first.check()
    page.get_by_role("button", name="Remove selected").click()
    page.get_by_role("button", name="Undo").wait_for()
    page.screenshot(path=FOLDER / "library.png")
    page.get_by_role("button", name="Undo").click()
    for name, size, scheme in (("dark", DESKTOP, "dark"), ("phone", PHONE, "light")):
        page = opened(browser, address, "Library", size, scheme)
        page.locator(".dl-coverage svg").wait_for()
        page.screenshot(path=FOLDER / f"library-{name}.png", full_page=name == "phone")


def evaluation(browser: Browser, address: str) -> None:
    """The Evaluation: while it runs, its report, and on a phone."""
    page = opened(browser, address, "Evaluation", DESKTOP, "light")
    page.get_by_role("button", name="Run").click()
    page.locator(".dl-running progress[value]").wait_for()
    page.screenshot(path=FOLDER / "evaluation-running.png")
    page.locator(".dl-report").wait_for(timeout=300_000)
    page.frame_locator(".dl-report").locator("svg").first.wait_for()
    page.screenshot(path=FOLDER / "evaluation.png")
    page = opened(browser, address, "Evaluation", PHONE, "dark")
    page.get_by_role("button", name=re.compile("^Show")).first.click()
    page.frame_locator(".dl-report").locator("svg").first.wait_for()
    page.screenshot(path=FOLDER / "evaluation-phone.png", full_page=True)


def empty(browser: Browser, address: str) -> None:
    """Both tabs over an empty collection: what to do, and a run that cannot be."""
    page = opened(browser, address, "Library", DESKTOP, "light")
    page.screenshot(path=FOLDER / "library-empty.png")
    page = opened(browser, address, "Evaluation", DESKTOP, "light")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("alert").wait_for()
    page.screenshot(path=FOLDER / "evaluation-error.png")


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        samples = ("--samples", str(ROOT / "samples" / "articles"))
        with serving(folder / "home", *samples) as address:
            library(browser, address, folder)
            evaluation(browser, address)
        with serving(folder / "empty") as address:
            empty(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
