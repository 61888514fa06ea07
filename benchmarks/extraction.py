"""How well articles are got out of web pages, beside plain trafilatura.

    python -m benchmarks.extraction [--each]

Pages of invented sites (tests/pages), half of them seen while the extraction was tuned. Figures:
F1 over words of the body, and the share of pages with the right title, date and outlet.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from index.article import Document, Metadata
from index.clean import prepare
from index.errors import LoadError
from index.parse import parse
from tests.pages.labelled import Page, f1, pages, same

Extract = Callable[[str], tuple[str, Metadata]]


@dataclass(frozen=True, slots=True)
class Score:
    """What one page came to, each from 0 to 1."""

    body: float
    title: float
    date: float
    outlet: float


def ours(html: str) -> tuple[str, Metadata]:
    """The way in, up to the cleaned article."""
    (item,) = parse(html.encode(), "page.html", "page.html")
    try:
        return prepare(item) if isinstance(item, Document) else ("", Metadata())
    except LoadError:
        return "", Metadata()


def plain(html: str) -> tuple[str, Metadata]:
    """Trafilatura as its documentation shows it."""
    from trafilatura import bare_extraction

    found = bare_extraction(html, with_metadata=True, include_comments=False)
    if found is None:
        return "", Metadata()
    return found.text or "", Metadata(found.title, found.sitename, found.author, found.date)


def score(page: Page, extract: Extract) -> Score:
    """Compare what is extracted from a page with its story."""
    body, about = extract(page.html)
    return Score(
        f1(body, page.body),
        same(about.title, page.story.title),
        about.published == page.story.published,
        same(about.publisher, page.story.outlet),
    )


def mean(scores: list[Score]) -> Score:
    """The mean of each figure."""
    columns = zip(*((s.body, s.title, s.date, s.outlet) for s in scores), strict=True)
    return Score(*(sum(column) / len(scores) for column in columns))


def main() -> None:
    """Print a table, and with --each the pages that are not perfect."""
    print("| pages | extraction | body F1 | title | date | outlet |\n|---|---|---|---|---|---|")
    for half in ("tuned", "unseen"):
        if f"--no-{half}" in sys.argv:
            continue
        for name, extract in (("trafilatura", plain), ("ours", ours)):
            scored = [(page, score(page, extract)) for page in pages(half)]
            m = mean([s for _, s in scored])
            figures = f"{m.body:.3f} | {m.title:.3f} | {m.date:.3f} | {m.outlet:.3f}"
            print(f"| {half} ({len(scored)}) | {name} | {figures} |")
            if "--each" in sys.argv and extract is ours:
                for page, s in scored:
                    if min(s.body, s.title, s.date, s.outlet) < 0.97:
                        print("  ", page.name, s)


if __name__ == "__main__":
    main()
