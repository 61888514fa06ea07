"""How soon the page shows something: ready after the command, first words after the question.

Run: `python -m benchmarks.page_speed HOME`, in a machine with Chromium. Writes
benchmarks/results/page-speed.md.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.people import QUESTIONS, RESULTS, serving

# Runs in the page: the moment at which the turn of the question first shows something.
_WATCH = """
() => {
  window.shown = null;
  new MutationObserver(() => {
    if (window.shown === null && document.querySelectorAll(".dl-turn").length > window.before)
      window.shown = performance.now();
  }).observe(document.body, {childList: true, subtree: true});
}
"""


def seconds_to_first(page: Page, question: str) -> float:
    """From the key that asks to the first passages or words of the answer on the page."""
    page.evaluate("window.before = document.querySelectorAll('.dl-turn').length")
    page.evaluate(_WATCH)
    box = page.get_by_label("Your question")
    box.fill(question)
    began = float(page.evaluate("performance.now()"))
    box.press("Enter")
    page.wait_for_function("window.shown !== null")
    took = (float(page.evaluate("window.shown")) - began) / 1000
    page.locator(".dl-actions").last.wait_for()
    time.sleep(0.5)  # let the page come to rest before the next question
    return took


def main() -> None:
    """Read the arguments, measure, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    home = parser.parse_args().home
    chromium = shutil.which("chromium") or sys.exit("Install Chromium: apt-get install chromium")
    with serving(home) as (_, address, ready), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.locator(".dl-welcome, .dl-turn").first.wait_for()
        seconds_to_first(page, QUESTIONS[0])  # warms the server
        times = np.array([seconds_to_first(page, question) for question in QUESTIONS * 3])
        browser.close()
    text = (
        "# How soon the page shows something\n\n| | |\n|---|---|\n"
        f"| page can be had after the command | {ready:.1f} s |\n"
        f"| first passages or words after the question, median of {len(times)} | "
        f"{np.median(times) * 1000:.0f} ms |\n"
        f"| – p95 | {np.quantile(times, 0.95) * 1000:.0f} ms |\n"
    )
    RESULTS.joinpath("page-speed.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
