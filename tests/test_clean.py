import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Document, Metadata
from index.clean import clean, prepare
from index.errors import LoadError

ARTICLES = Path(__file__).resolve().parents[1].parent / "shared" / "articles"
FIRST = "Talks on Libya opened in Geneva on Monday."
LAST = "Both delegations promised to stay until Friday."

needs_articles = pytest.mark.skipif(
    not ARTICLES.is_dir(), reason=f"the five real articles are missing: put them into {ARTICLES}"
)


def body_of(name: str) -> str:
    path = ARTICLES / name
    return prepare(Document(str(path), path.read_text(encoding="utf-8")))[0]


def around(middle: str) -> str:
    """Clean a text that has a line of reporting before and after `middle`."""
    return clean(f"{FIRST}\n\n{middle}\n\n{LAST}", Metadata())


BARE = f"{FIRST}\n\n{LAST}"


@needs_articles
@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        (
            "000_2d8007135ac4bd7c.txt",
            [
                "MOSCOW--Russias top diplomat assured his Libyan counterpart Thursday that Moscow"
                " supports the withdrawal of all foreign fighters from the North African country"
                " and is prepared to help work out the details with other countries.",
                "We will be prepared to constructively take part in this work alongside other"
                " countries, Lavrov told a press conference.",
                "Last month, UN Special Envoy to Libya Jan Kubis said that factions starting the"
                " withdrawal of all foreign fighters from the country would be a major step for"
                " Libya.",
            ],
        ),
        (
            "001_c8f6c392e799e567.txt",
            [
                "Russia’s top diplomat has assured his Libyan counterpart that Moscow supports the"
                " withdrawal of all foreign fighters from the North African country and is prepared"
                " to help work out the details with other countries\n",
                "\nRussia’s top diplomat assured his Libyan counterpart Thursday that Moscow"
                " supports the withdrawal of all foreign fighters from the North African country"
                " and is prepared to help work out the details with other countries.",
                '"We will be prepared to constructively take part in this work alongside other'
                " countries,” Lavrov told a press conference.",
                "while his rivals had the support of Turkey, Qatar and Italy\n",
                "Last month, U.N. Special Envoy to Libya Jan Kubis said that factions starting the"
                " withdrawal of all foreign fighters from the country would be a major step for"
                " Libya.",
            ],
        ),
        (
            "002_39ad51b5f64a9648.txt",
            [
                "Moscow is being asked to help evacuate fighters, some of which may be supported by"
                " Russia itself.",
                "“We would have preferred that the Egyptian side was present alongside all the"
                ' other parties to contribute to building confidence between them."',
                "\nRussia, mercenaries and Libya\n",
                "Last April, a high-ranking Russian commander-led delegation had multiple meetings"
                " with forces fighting alongside the Assad regime in Syria's Daraa province.",
                "“That is a shocking violation of Libyan sovereignty ... a blatant violation of the"
                " arms embargo.”",
            ],
        ),
        (
            "003_139dee3c86fad551.txt",
            [
                "MOSCOW, August 19. /TASS/. Russia supports the latest decisions by the 5+5 Joint"
                " Military Commission on the withdrawal of all foreign military personnel from"
                " Libya, Russian Foreign Minister Sergey Lavrov told reporters",
                "\nBalance of power in the region\n",
                '"We will be ready to participate constructively in this work jointly with other'
                ' countries," Russia’s top diplomat said.',
                'We are open for dialogue with all states," she stressed.',
            ],
        ),
        (
            "004_338bb11e3f2aa0cc.txt",
            [
                "Stephanie Williams (left), the acting UN envoy to Libya, met with Russian Foreign"
                " Minister Sergei Lavrov in Moscow on October 16.",
                "Stephanie Williams, acting UN envoy to Libya, said earlier this month that about"
                " 20,000 foreign and mercenary forces were still in Libya.",
                'chaos, conflict, and division" in Mediterranean countries, including Libya.',
            ],
        ),
    ],
)
def test_the_real_articles_keep_their_reporting(name, sentences):
    body = body_of(name)
    assert [sentence for sentence in sentences if sentence not in body] == []


@needs_articles
@pytest.mark.parametrize(
    ("name", "paragraphs", "dropped"),
    [
        (
            "000_2d8007135ac4bd7c.txt",
            20,
            r"The Arab Weekly|on the way out|Originally|Related|closed",
        ),
        (
            "001_c8f6c392e799e567.txt",
            12,
            r"Your support|The Independent|Elon Musk|reporters on the ground|paywalls|difference"
            r"|Russia supports withdrawal of foreign",
        ),
        ("002_39ad51b5f64a9648.txt", 24, r"READ MORE|What prompted Egypt|A violation of|Source:"),
        ("003_139dee3c86fad551.txt", 15, r"— Lavrov"),
        ("004_338bb11e3f2aa0cc.txt", 11, r"Russia Backs UN|Based on reporting|AFP|Reuters"),
    ],
)
def test_the_real_articles_lose_what_is_not_reporting(name, paragraphs, dropped):
    body = body_of(name)
    assert len([line for line in body.split("\n") if line]) == paragraphs
    assert re.findall(dropped, body) == []


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "ADVERTISEMENT - Article continues below",
        "Story continues below advertisement",
        "Sponsored content",
        "Comments are closed.",
        "No comments yet",
        "Show all 12 comments",
        "Leave a comment",
        "Skip to main content",
        "Follow us on Twitter and Facebook!",
        "Follow Jane Doe on Twitter: @jane_doe.",
        "Contact Jane Doe: 555-010-1788, jdoe@ledger.example, twitter.com/@JaneDoe.",
        "Reach the reporter at jdoe@ledger.example.",
        "Share",
        "Share this article on Facebook",
        "Facebook | Twitter | WhatsApp | Email | 12",
        "Print Email Share",
        "READ MORE: What the two sides agreed on",
        "Read more: 'It is over,' minister says",
        "» Also read: What the two sides agreed on",
        "Read also | What the two sides agreed on",
        "RELATED STORY: What the two sides agreed on?",
        "See also – What the two sides agreed on",
        "Heat wave:What to know about staying cool this summer",
        "'A lot to lose':Why the harbour union turned the offer down",
        "Talks end?:Who said what in the last hours before the vote",
        "Read more about the talks here.",
        "Related Posts",
        "Most read",
        "Originally posted here: https://ledger.example/1",
        "Subscribe now",
        "Sign up for our free daily newsletter.",
        "Get the day's top stories delivered to your inbox every morning.",
        "Subscribe to Cape Ledger today.",
        "We use cookies to improve your experience on this site.",
        "By continuing to browse you agree to our use of cookies.",
        "Accept all cookies",
        "© 2021 Cape Ledger. All rights reserved.",
        "Copyright 2021 Cape Ledger",
        "Cape Ledger Ltd. All Rights Reserved",
        "This article was originally published by Cape Ledger.",
        "Tags: Libya, talks",
        "* * *",
        "Support independent journalism.",
        "Please support our journalism. We cannot do it alone.",
        "Thank you for supporting our journalism. You can subscribe to our print edition.",
        "To support our reporting, please consider making a donation to our newsroom.",
        "Your donation helps us to stay independent. Donate now to support our journalism.",
    ],
)
def test_a_line_of_boilerplate_leaves_the_body(line):
    assert around(line) == BARE


@pytest.mark.parametrize(
    "line",
    [
        "Comments are closed, the ministry said.",
        '"Comments are closed," it added.',
        "Related posts in the ministry were cut, and 20 people left.",
        "Advertisement spending fell by a third in 2021.",
        "Share prices fell on Monday.",
        "Facebook",
        "Follow-up talks are planned for Friday.",
        "Contact tracers reached 555 people in 1788 homes.",
        "Reach extends to 300 miles, the ministry said, and can be ordered at a@b.example.",
        "Subscribe or leave, the channel told its viewers here.",
        "Readers of more than 50 newspapers were asked.",
        "Read more than 50 pages a day, pupils are told.",
        "Copyright law will change in 2022.",
        "The company reserves all rights to the name.",
        "We use cookies as bait, the fisherman said.",
        "Support for the government fell to a third.",
        "The fund supports local journalism in our region with 20 million euros.",
        '"Your support helps us to rebuild our homes," the mayor told donors.',
        "“Listen. Your support helps us to tell our story. We thank you for it.",
        "Your donation helps us to feed 500 children, the charity said.",
        "Source: the spring rises at 900 metres",
        "By Monday the Army of the East had left",
        "Talks, and what comes after them",
        "Published reports put the number at 20,000.",
        "Where:The old harbour hall",
        "The vote:Seven members of the council were against it.",
        "The result: Seven of the members of the council were against it",
        "The fair opens at 9:30 and the last boat leaves the pier at 18:05",
    ],
)
def test_reporting_that_uses_the_same_words_stays(line):
    assert around(line) == f"{FIRST}\n\n{line}\n\n{LAST}"


def test_reporting_glued_to_boilerplate_stays_word_for_word():
    assert around(f"Your support makes all the difference.{LAST}") == f"{BARE}\n\n{LAST}"
    assert around(f"READ MORE: Is it over?{LAST}") == f"{BARE}\n\n{LAST}"
    assert around(f"{LAST}Support our journalism.") == f"{BARE}\n\n{LAST}"


def test_an_appeal_of_many_lines_goes_and_reporting_between_two_appeals_stays():
    appeal = (
        "Your support helps us to tell the story\n"
        "From climate to power, our reporters are there. The Ledger is read by many, and we are"
        " free to all.\n"
        "We need reporters on the ground. Your gift allows us to send them."
    )
    text = f"{appeal}\n{FIRST}\n{appeal}\n{LAST}\n{appeal}"
    assert clean(text, Metadata()) == f"{FIRST}\n\n{LAST}"


def test_a_report_in_the_first_person_between_two_far_appeals_stays():
    report = "\n".join(f"We walked on along our road on day {day}." for day in range(1, 10))
    appeal = "Your support makes all the difference."
    assert clean(f"{appeal}\n{report}\n{appeal}", Metadata()) == report


def test_links_under_a_heading_go_with_it_and_subheads_stay():
    links = "Related Posts\nTalks end in Tunis\nWhat was agreed?"
    assert around(links) == BARE
    assert around(f"Also read:\n{LAST}") == f"{BARE}\n\n{LAST}"
    assert around("Talks ended.\nRelated\nA third day").endswith(f"\n\nA third day\n\n{LAST}")
    assert around("Related\n\nA second day") == f"{FIRST}\n\nA second day\n\n{LAST}"
    assert clean(f"{BARE}\n\nRelated Posts\n\nTalks end in Tunis\n\nShare", Metadata()) == BARE


def test_the_headline_leaves_the_body_wherever_it_is_repeated_and_the_standfirst_stays():
    standfirst = "Two sides, one table"
    text = (
        f"Libya’s talks: over? | Cape Ledger\n{standfirst}\n{FIRST}\n\n{LAST}\n\n"
        "Originally posted here:\nLibya's Talks - over? | | CL - Cape Ledger\n"
    )
    body, metadata = prepare(Document("a", text))
    assert metadata == Metadata("Libya’s talks: over?", "Cape Ledger")
    assert body == f"{standfirst}\n{FIRST}\n\n{LAST}"
    declared = Metadata(title="Libya's talks: over?")
    assert clean(text, declared) == body


def test_credits_at_the_top_and_sources_at_the_end_leave_the_body():
    text = (
        f"By Jane Doe\nPublished: 19 August 2021\n\n{FIRST}\n\nSource: EPA graphics\n\n{LAST}\n\n"
        "(Reporting by Jane Doe; Editing by John Roe)\nWith input from agencies\nSource: TRT World"
    )
    body, metadata = prepare(Document("a", text))
    assert body == f"{FIRST}\n\nSource: EPA graphics\n\n{LAST}"
    assert metadata == Metadata(None, "TRT World", "Jane Doe", "2021-08-19")


def test_a_place_and_an_outlet_alone_on_a_line_leave_the_body():
    for sign_on in ("CNN —", "New York CNN Business —", "Doha, Qatar CNN --"):
        assert prepare(Document("a", f"{sign_on}\n\n{FIRST}\n\n{LAST}"))[0] == BARE
    for other in ("A ceasefire in the east —", "The news, in short —"):
        assert other in prepare(Document("a", f"{FIRST}\n\n{other}\n\n{LAST}"))[0]


def test_white_space_is_normalised():
    text = f"\n\n \t{FIRST[:5]} \u00a0\t {FIRST[5:]}\u200b \n \n\u3000\n\n\ufeff{LAST}\u00ad\n\n"
    assert clean(text, Metadata()) == BARE
    assert clean("می\u200cخواهم a\u200db 👩\u200d🚀.", Metadata()) == "می\u200cخواهم ab 👩\u200d🚀."


def test_cleaning_a_clean_body_changes_nothing():
    text = f"Talks on Libya resume | Cape Ledger\n\n{FIRST}\n\nShare\n\n{LAST}\n\nRelated Posts"
    body, metadata = prepare(Document("a", text))
    assert clean(body, metadata) == body == BARE


@pytest.mark.parametrize(
    "text", ["Advertisement", "Share\n\nRelated Posts\nTalks end", "\u200b", "Source: TRT World"]
)
def test_a_text_without_reporting_is_an_error_that_says_so(text):
    assert clean(text, Metadata()) == ""
    with pytest.raises(LoadError, match=r"^holds no reporting; check"):
        prepare(Document("a", text))


@pytest.mark.parametrize(
    "unit",
    ["a ", "Support our journalism. ", "Read more: x ", "| ", '" “ ', "a | ", "(A) ", "x.Y", "1"],
)
def test_a_line_of_five_megabytes_is_prepared_in_seconds(unit):
    start = time.perf_counter()
    try:
        prepare(Document("a", unit * (5_000_000 // len(unit))))
    except LoadError:
        assert unit in {"Support our journalism. ", "| ", '" “ '}
    assert time.perf_counter() - start < 5


WORDS = st.sampled_from(
    "By Jane Doe Source: TRT World | - — ( ) / TASS . , Your support our journalism Related Posts"
    ' Read more: Published: 2021-08-19 Share on Twitter \n \n\n “ ” " # Advertisement © a'.split(
        " "
    )
)


@settings(max_examples=200, deadline=None)
@given(st.text() | st.lists(WORDS, max_size=30).map(" ".join))
def test_any_text_is_prepared_or_refused(text):
    try:
        body, metadata = prepare(Document("a", text))
    except LoadError:
        return
    assert body
    assert body == body.strip()
    assert "\n\n\n" not in body
    assert metadata.title is None or metadata.title.strip()


def test_a_text_of_nothing_but_punctuation_is_no_article() -> None:
    with pytest.raises(LoadError, match="no reporting"):
        prepare(Document("a.txt", "... !!! ???\n---"))
