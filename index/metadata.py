"""What an article's own text says of it: title, publisher, author, date."""

from index.appeals import appealing_outlet
from index.article import Metadata
from index.credits import find_author, find_dateline, find_published, find_source
from index.declared import merged
from index.headline import find_headline
from index.page import Page, read_page

HEAD_LINES = 8  # non-empty lines in which bylines and dates are looked for
_TAIL_LINES = 6


def describe(document_text: str, declared: Metadata) -> Metadata:
    """Fill what `declared` leaves unknown from the text's own headline, credits and dateline.

    Nothing is inferred: what the text does not state stays None. The publisher is the page's
    own, not the agencies that its report is based on.
    """
    return describe_page(read_page(document_text), declared)


def describe_page(page: Page, declared: Metadata) -> Metadata:
    """Do as `describe` does for a text already read as a page."""
    lines = [line for line in page.lines if line]
    ends = lines[:HEAD_LINES] + lines[HEAD_LINES:][-_TAIL_LINES:]
    title, site = find_headline(page.body)
    agency, date = find_dateline([line for line in page.body if line])
    found = Metadata(
        title=title,
        publisher=site or appealing_outlet(page.appeals) or agency or find_source(lines),
        author=find_author(lines[:HEAD_LINES]),
        published=find_published(ends) or date,
    )
    return merged(declared, found)
