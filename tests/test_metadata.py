from pathlib import Path

import pytest

from index.article import Metadata
from index.metadata import describe

ARTICLES = Path(__file__).resolve().parents[1].parent / "shared" / "articles"
BODY = "\n\nTalks on Libya opened in Geneva on Monday. Both delegations promised to stay.\n"

needs_articles = pytest.mark.skipif(
    not ARTICLES.is_dir(), reason=f"the five real articles are missing: put them into {ARTICLES}"
)


def told(text: str) -> Metadata:
    return describe(text, Metadata())


@needs_articles
@pytest.mark.parametrize(
    ("name", "title", "publisher"),
    [
        (
            "000_2d8007135ac4bd7c.txt",
            "Are Russia’s Wagner mercenaries in Libya on the way out?",
            "The Arab Weekly",
        ),
        (
            "001_c8f6c392e799e567.txt",
            "Russia supports withdrawal of foreign fighters from Libya",
            "The Independent",
        ),
        ("002_39ad51b5f64a9648.txt", None, "TRT World"),
        (
            "003_139dee3c86fad551.txt",
            "Russia supports decision on need to withdraw foreign military from Libya — Lavrov",
            "TASS",
        ),
        (
            "004_338bb11e3f2aa0cc.txt",
            "Russia Backs UN Security Council Call For Withdrawal Of Foreign Fighters From Libya",
            None,
        ),
    ],
)
def test_the_real_articles_state_these_titles_and_publishers(name, title, publisher):
    text = (ARTICLES / name).read_text(encoding="utf-8")
    assert told(text) == Metadata(title=title, publisher=publisher)


@pytest.mark.parametrize(
    ("line", "title", "publisher"),
    [
        ("Libya talks resume | The Meridian Post", "Libya talks resume", "The Meridian Post"),
        ("Libya talks resume | World | Cape Ledger", "Libya talks resume", "Cape Ledger"),
        ("Is it over in Libya? | | CL — Cape Ledger", "Is it over in Libya?", "Cape Ledger"),
        ("Libya talks resume in Geneva | Reuters", "Libya talks resume in Geneva", "Reuters"),
        ("Libya talks resume in Geneva | World", "Libya talks resume in Geneva", None),
        ("Libya talks resume in Geneva | Libya", "Libya talks resume in Geneva", None),
        ("Libya talks resume | Cape Ledger | 5 May 2021", "Libya talks resume", "Cape Ledger"),
        ("Libya talks resume - BBC News", "Libya talks resume", "BBC News"),
        ("Libya talks resume – The Guardian", "Libya talks resume", "The Guardian"),
        ("Libya talks resume - ledger.example.com", "Libya talks resume", "ledger.example.com"),
        ("Talks will go on for weeks — Lavrov", "Talks will go on for weeks — Lavrov", None),
        ("Opinion | Why the Libya talks matter", "Opinion | Why the Libya talks matter", None),
        ("# Talks on Libya resume", "Talks on Libya resume", None),
        ("Talks on Libya: what was agreed?", "Talks on Libya: what was agreed?", None),
    ],
)
def test_a_first_line_gives_the_title_and_what_follows_it_the_site(line, title, publisher):
    assert told(line + BODY) == Metadata(title=title, publisher=publisher)


@pytest.mark.parametrize(
    "line",
    [
        "Moscow is being asked to help evacuate fighters.",
        "Moscow is asked for help. Tripoli waits for an answer",
        "These are the points that were agreed:",
        "Jane Doe",
        "CNN Business —",
        "Ian James and Alex Devoid and Joshua Bowling",
        "From Cape Ledger Network and wire reports",
        "Cape Ledger staff and wire reports",
        "Compiled by Jane Doe and others",
        "May 17, 2022 Updated May 19, 2022, 1:55 p.m. ET",
        "We have a winner today!",
        "Story by Jane Doe | Photos by John Roe | Cape Ledger",
        "Did anyone think that the talks would still be going on now that the year is over?",
        "in a town that nobody knows well",
        "The ministers of both sides agreed on the",
        "Advertisement",
    ],
)
def test_a_first_line_that_is_no_headline_gives_no_title(line):
    assert told(line + BODY).title is None


@pytest.mark.parametrize(
    "text",
    [
        "Talks on Libya resume in Geneva",
        "Talks on Libya resume in Geneva\n\nThe first day",
        "Moscow is being asked to help evacuate fighters, its own fighters\n"
        "among them, from Libya. More soon.",
        "The minister of foreign affairs met his counterparts Lavrov, Siala\n"
        "Mangoush on Monday. They agreed on a plan for the withdrawal of all\n"
        "Russian and Turkish soldiers.",
    ],
)
def test_a_first_line_without_its_own_report_below_gives_no_title(text):
    assert told(text).title is None


def test_boilerplate_above_the_headline_is_passed_over():
    text = "Skip to content\nAdvertisement\nShare\n\nTalks on Libya resume | Cape Ledger" + BODY
    assert told(text) == Metadata(title="Talks on Libya resume", publisher="Cape Ledger")


@pytest.mark.parametrize(
    ("start", "publisher", "published"),
    [
        ("MOSCOW, August 19. /TASS/. Russia", "TASS", None),
        ("(Reuters) - Russia", "Reuters", None),
        ("LONDON (AP) — Russia", "AP", None),
        ("CHARLOTTE, N.C. (AP) -- Russia", "AP", None),
        ("Kyiv and Lviv, Ukraine (CNN) Russia", "CNN", None),
        ("TRIPOLI, Jan 5, 2021 (Xinhua) -- Russia", "Xinhua", "2021-01-05"),
        ("TRIPOLI, 2021-01-05T10:00:00Z (Xinhua) - Russia", "Xinhua", "2021-01-05"),
        ("PORT VALE, 5 January 2021 (Harbour Wire) — Russia", "Harbour Wire", "2021-01-05"),
        ("TRIPOLI, Jan 5, 2021 — Russia", None, "2021-01-05"),
        ("TRIPOLI (Jan 5, 2021) — Russia", None, None),
        ("MOSCOW--Russia", None, None),
        ("A forum named /Talk/. Reporters who", None, None),
        ("In Tripoli, Jan 5, 2021 — a Tuesday — Russia", None, None),
        ("The Libyan National Army (LNA) — or what is left of it —", None, None),
        ("Government of National Accord (GNA) officials who backed Russia", None, None),
        ("British Broadcasting Corporation (BBC) reporters who", None, None),
        ("The minister (left) and she/he/they", None, None),
    ],
)
def test_a_dateline_states_agency_and_date(start, publisher, published):
    text = (
        f"Talks on Libya resume in Geneva\n\n{start} backed the call on Monday, officials said.\n"
    )
    found = told(text)
    assert (found.publisher, found.published) == (publisher, published)


def test_the_page_comes_before_the_agency_and_the_agency_before_the_closing_source():
    report = "LONDON (AP) — The talks resumed on Monday, officials said.\n\nSource: The Post"
    assert told(f"Talks on Libya resume | Cape Ledger\n\n{report}").publisher == "Cape Ledger"
    assert told(f"Talks on Libya resume now\n\n{report}").publisher == "AP"


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Source: Harbour Wire", "Harbour Wire"),
        ("SOURCE : TRT World\n\nRelated Posts\n\nTalks resume in Geneva", "TRT World"),
        ("Source: AFP and Reuters", None),
        ("Source: AFP, Reuters", None),
        ("Source: News Agencies", None),
        ("Source: 2016 Airline Quality Rating", None),
        ("Source: the ministry", None),
        ("Source: https://ledger.example", None),
        ("Based on reporting by AFP and Reuters", None),
        ("Source: Harbour Wire\n\nThe minister spoke on Monday, and his words were heard.", None),
    ],
)
def test_a_closing_source_line_states_one_outlet(line, publisher):
    assert told(f"{BODY}\n{line}").publisher == publisher


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("BY JANE DOE", "JANE DOE"),
        ("By Jane Doe and Émile van der Berg", "Jane Doe and Émile van der Berg"),
        ("By Jane Doe, political correspondent", "Jane Doe"),
        ("By Jane Doe | 19 August 2021", "Jane Doe"),
        ("By Jane Doe in Tripoli", "Jane Doe"),
        ("By Jane Doe for Cape Ledger", "Jane Doe"),
        ("Author: Jane Doe", "Jane Doe"),
        ("Written by Jane Doe", "Jane Doe"),
        ("By Friday Morning", None),
        ("By land and sea", None),
        ("By Jane Doe's account, the talks failed.", None),
        ("By 2021 Libya had two governments", None),
        ("By Monday the Army of the East had left", None),
        ("By Jane Doe the minister said nothing", None),
    ],
)
def test_a_byline_states_the_author(line, author):
    assert told(f"Talks on Libya resume in Geneva\n{line}{BODY}").author == author


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published: 19 August 2021", "2021-08-19"),
        ("Published August 19, 2021, 7:51 p.m. ET", "2021-08-19"),
        ("Published on Thursday, 19 August 2021 at 10:00 GMT", "2021-08-19"),
        ("PUBLISHED 19 Aug 2021 | UPDATED 20 Aug 2021", "2021-08-19"),
        ("Updated: 2021-08-20T10:00:00Z\nPosted: 2021-08-19", "2021-08-19"),
        ("Last updated: 20 August 2021", "2021-08-20"),
        ("Date: 2021-08-19", "2021-08-19"),
        ("Published: 05.06.2021", None),
        ("Published: Monday", None),
        ("Published in 2021-08-19 by nobody", None),
        ("Updated Aug 20, 2021 figures show 5,000 dead", None),
        ("The talks of August 19, 2021, resumed today.", None),
    ],
)
def test_a_date_counts_only_where_it_is_stated_as_that_of_publication(line, published):
    assert told(f"Talks on Libya resume in Geneva\n{line}{BODY}").published == published
    assert told(f"Talks on Libya resume in Geneva{BODY}\n{line}").published == published


def test_an_appeal_names_its_outlet_only_when_it_speaks_of_itself():
    appeal = (
        "Your support helps us to tell the story.\n{} is trusted by readers, and we thank them."
    )
    text = appeal + "\nYour donation makes all the difference." + BODY
    assert told(BODY + text.format("The Cape Ledger")).publisher == "The Cape Ledger"
    assert told(BODY + text.format("it")).publisher is None
    both = text.format("The Post") + text.format("The Ledger")
    assert told(BODY + both).publisher is None
    assert told(BODY + "The Red Cross is trusted by many, the ministry said.").publisher is None


def test_what_is_declared_is_never_replaced():
    declared = Metadata("Mine", "The Post", "A B", "2020-01-01", "https://post.example")
    text = f"Talks on Libya resume | Cape Ledger\nBy Jane Doe\nPublished: 2021-08-19{BODY}"
    assert describe(text, declared) == declared
    assert describe(text, Metadata(title="Mine")) == Metadata(
        "Mine", "Cape Ledger", "Jane Doe", "2021-08-19"
    )


@pytest.mark.parametrize("text", ["", "\n \n", "|", "| |", " - ", "#", "(", "By", "Source:", "©"])
def test_a_text_that_states_nothing_gives_nothing(text):
    assert told(text) == Metadata()
