"""Which figures, dates and names of a claim the evidence lacks."""

import pytest

from rag.checking.facts import unfounded

EVIDENCE = (
    "The United Nations estimated on Tuesday, 2 December 2020 that at least 20,000 foreign "
    "fighters were in Libya, Stephanie Williams said. Khalifa Haftar of the LNA did not comment."
)


@pytest.mark.parametrize(
    "claim",
    [
        "The UN counted 20,000 fighters in Libya.",
        "Twenty thousand Libyan fighters were there in December.",
        "Hifter did not comment.",
        "He leads the Libyan National Army.",
        "On Dec. 2 the U.N. spoke of 20 thousand men.",
        "Nobody commented.",
        "",
    ],
)
def test_what_the_evidence_holds_in_other_words_is_founded(claim):
    assert unfounded(claim, EVIDENCE) == ()


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("The UN counted 30,000 fighters in Libya.", ("30,000",)),
        ("Thirty thousand fighters were in Libya.", ("Thirty thousand",)),
        ("The estimate came in November.", ("November",)),
        ("On Monday 20,000 fighters came.", ("Monday",)),
        ("The estimate is of 2021.", ("2021",)),
        ("The fighters were in Syria.", ("Syria",)),
        ("Recep Erdogan commented.", ("Recep", "Erdogan")),
    ],
)
def test_another_figure_date_or_name_is_missed(claim, missing):
    assert unfounded(claim, EVIDENCE) == missing


def test_no_evidence_founds_nothing():
    assert unfounded("Libya has 3 bases.", "") == ("3", "Libya")
