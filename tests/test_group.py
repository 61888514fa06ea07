"""Who says the same, who says otherwise."""

from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest

from index.article import Article, Chunk, Metadata, Span
from index.records import StoredChunk
from rag.cite import cite
from rag.compose import answered
from rag.group import Group, group, same_key
from rag.read import Finding
from rag.retrieve import Candidate
from rag.shorten import Short
from rag.understand import understand

QUESTION = understand("How many men left?")


def finding(
    article: str, text: str, short: str, key: str, score: float = 1.0, probability: float = 0.9
) -> Finding:
    """A sentence that is its article's whole text, pointing nowhere near any other's meaning."""
    vector = np.zeros((1, 4096), dtype=np.float32)
    vector[0, crc32(text.encode()) % 4096] = 1
    span = Span(0, len(text))
    chunk = Chunk(f"{article}.1.0", article, 0, 0, len(text), (span,))
    stored = StoredChunk(chunk, vector[0], vector)
    whole = Article(article, 1, f"{article}.txt", text, Metadata())
    return Finding(Candidate(stored, whole, 1.0), 0, span, score, probability, Short(short, key))


def articles(found: Group) -> list[str]:
    return [f.candidate.article.id for f in found.findings]


def test_the_same_figure_from_several_articles_is_one_group() -> None:
    one = finding("a", "At least 20 men left.", "at least 20", "20", 3.0)
    two = finding("b", "About 20 left.", "about 20", "20", 2.0)
    three = finding("c", "Thirty men left.", "Thirty", "30", 1.0, 0.3)
    (found,) = group([one, two, three], 0.2)
    assert articles(found) == ["a", "b"]


def test_an_equally_sure_other_figure_is_shown_as_well() -> None:
    one = finding("a", "At least 20 men left.", "at least 20", "20", 3.0)
    two = finding("b", "Thirty men left.", "Thirty", "30", 2.5)
    assert [articles(g) for g in group([one, two], 0.2)] == [["a"], ["b"]]


def test_where_nothing_short_is_said_nothing_is_said_otherwise() -> None:
    one = finding("a", "Egypt backed him, Turkey and Qatar his rivals.", "", "", 3.0)
    two = finding("b", "France was for him.", "France", "france", 2.5)
    assert [articles(g) for g in group([replace(one, short=None), two], 0.2)] == [["a"]]


def test_an_article_that_speaks_is_not_quoted_again() -> None:
    one = finding("a", "At least 20 men left.", "at least 20", "20", 3.0)
    again = finding("a", "Thirty men left.", "Thirty", "30", 2.5)
    assert [articles(g) for g in group([one, again], 0.2)] == [["a"]]


def test_a_fuller_date_is_shown_before_a_vaguer_one_that_agrees() -> None:
    vague = finding("a", "It began in 2019.", "2019", "2019", 3.0, 0.9)
    full = finding("b", "It began in April 2019.", "April 2019", "2019 april", 2.0, 0.6)
    (found,) = group([vague, full], 0.2)
    assert articles(found) == ["b", "a"]
    sentences, _ = cite([found])
    assert sentences[1].text == "Two articles agree: 2019. [1][2]"


def test_a_sentence_that_denies_it_does_not_agree() -> None:
    one = finding("a", "At least 20 men left.", "at least 20", "20", 3.0)
    denial = finding("b", "The army did not confirm that 20 men left.", "20", "20", 2.0, 0.5)
    assert [articles(g) for g in group([one, denial], 0.2)] == [["a"]]


def test_a_denial_of_what_is_answered_is_no_other_answer_however_sure() -> None:
    one = finding("a", "At least 20 men left.", "at least 20", "20", 3.0)
    denial = finding("b", "The army did not confirm that 20 men left.", "20", "20", 2.9)
    other = finding("c", "The army did not confirm that 30 men left.", "30", "30", 2.8)
    assert [articles(g) for g in group([one, denial, other], 0.2)] == [["a"], ["c"]]


def test_a_list_is_completed_by_what_else_is_about_as_sure() -> None:
    first = finding("a", "It opened on June 20.", "June 20", "20 june", 3.0, 0.7)
    again = finding("b", "It was opened on June 20.", "June 20", "20 june", 2.5, 0.6)
    second = finding("a", "It opened again on July 30.", "July 30", "30 july", 2.0, 0.6)
    unsure = finding("c", "It was August 1.", "August 1", "1 august", 1.0, 0.3)
    found = [first, again, second, unsure]
    assert [articles(g) for g in group(found, 0.2, several=True)] == [["a", "b"], ["a"]]
    assert [articles(g) for g in group(found, 0.2)] == [["a", "b"]]


def test_a_list_of_so_many_is_filled_with_what_is_less_sure_and_no_further() -> None:
    first = finding("a", "It was May 1.", "May 1", "1 may", 3.0, 0.7)
    second = finding("b", "It was May 2.", "May 2", "2 may", 2.0, 0.4)
    third = finding("c", "It was May 3.", "May 3", "3 may", 1.0, 0.38)
    found = [first, second, third]
    assert [articles(g) for g in group(found, 0.2, several=True)] == [["a"]]
    assert [articles(g) for g in group(found, 0.2, several=True, many=2)] == [["a"], ["b"]]
    assert [articles(g) for g in group(found, 0.39, several=True, many=3)] == [["a"], ["b"]]
    unlikely = replace(second, probability=0.3)
    assert [articles(g) for g in group([first, unlikely], 0.2, several=True, many=2)] == [["a"]]


def test_an_enumeration_is_a_list_already() -> None:
    whole = finding("a", "Syria and Chad sent men.", "Syria and Chad", "chad|syria", 3.0, 0.7)
    other = finding("a", "Sudan sent men.", "Sudan", "sudan", 2.0, 0.6)
    assert [articles(g) for g in group([whole, other], 0.2, several=True)] == [["a"]]


def test_fridays_agree_only_where_they_are_known_to_be_one_day() -> None:
    one = finding("a", "It was signed on Friday.", "Friday", "friday", 3.0)
    two = finding("b", "They signed on Friday.", "Friday", "friday", 2.0)
    assert articles(group([one, two], 0.2)[0]) == ["a"]
    dated = [("a", "Friday (October 8, 2021)"), ("b", "October 8")]
    keys = ["2021 8 october", "8 october"]
    known = [
        finding(name, f"Signed {words}.", words, key)
        for (name, words), key in zip(dated, keys, strict=True)
    ]
    assert articles(group(known, 0.2)[0]) == ["a", "b"]


def test_nothing_probable_is_no_answer() -> None:
    assert group([], 0.2) == []
    assert group([finding("a", "Men left.", "5", "5", 3.0, 0.1)], 0.2) == []


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("20000", "20000", True),
        ("20000", "17000", False),
        ("24 december", "2021 24 december", True),
        ("december", "24 december", False),
        ("2019", "2019 april", True),
        ("khalifa haftar", "hifter", True),
        ("jan kubis", "ghassan salame", False),
        ("5 month", "5 year", False),
    ],
)
def test_short_answers_are_compared_by_what_they_say(left: str, right: str, same: bool) -> None:
    assert same_key(left, right) is same
    assert same_key(right, left) is same


def test_a_group_is_written_as_one_quote_with_all_its_citations() -> None:
    one = finding("a", "At least 20 men left.", "at least 20", "20")
    two = finding("b", "About 20 left.", "about 20", "20")
    other = finding("c", "Thirty men left.", "Thirty", "30")
    sentences, citations = cite([Group((one, two)), Group((other,))])
    assert [s.text for s in sentences] == [
        "“At least 20 men left.” [1][2]",
        "Two articles agree: at least 20. [1][2]",
        "“Thirty men left.” [3]",
        "These may not agree: at least 20 [1][2]; Thirty [3].",
    ]
    assert [c.quote for c in citations] == [
        "At least 20 men left.",
        "About 20 left.",
        "Thirty men left.",
    ]


def test_answers_that_make_up_a_list_are_not_said_to_differ() -> None:
    one = finding("a", "It opened on June 20.", "June 20", "20 june")
    two = finding("b", "It opened on July 30.", "July 30", "30 july")
    sentences, _ = cite([Group((one,)), Group((two,))], several=True)
    assert [s.text for s in sentences] == [
        "“It opened on June 20.” [1]",
        "“It opened on July 30.” [2]",
    ]
    answer = answered("On which days did it open?", [Group((one,)), Group((two,))], (), True)
    assert answer.short_answer == "June 20, July 30"


def test_of_a_name_the_fullest_form_is_agreed_on() -> None:
    one = finding("a", "Sergei Lavrov came.", "Sergei Lavrov", "sergei lavrov")
    two = finding("b", "Lavrov came.", "Lavrov", "lavrov")
    sentences, _ = cite([Group((one, two))])
    assert sentences[1].text == "Two articles agree: Sergei Lavrov. [1][2]"


def test_a_quote_that_refers_back_does_not_lead_where_another_says_the_same() -> None:
    one = finding("a", "It put the number at 20 men.", "20", "20", 3.0, 0.9)
    two = finding("b", "The army said 20 men left.", "20", "20", 2.0, 0.8)
    unsure = finding("c", "The mayor said 20 men left.", "20", "20", 1.0, 0.3)
    assert articles(group([one, two, unsure], 0.2)[0])[0] == "b"
    assert articles(group([one, unsure], 0.2)[0])[0] == "a"
