"""Correction notices: which paragraphs are ones, and which only speak of corrections."""

import pytest

from index.article import Document, Metadata
from index.clean import prepare
from index.corrections import corrections

NOTICES = [
    "Correction: An earlier version misstated the number of ships. It was nine.",
    "CORRECTION: The vote was on Tuesday.",
    "Correction (4 May 2021): The mayor is Ann Lee.",
    "Correction, Dec. 3, 2020: This article misspelled a name.",
    "Correction – the name of the port is Sirte.",
    "Corrections and clarifications: the figure is 20,000.",
    "Clarification: The envoy spoke on Monday, not on Sunday.",
    "[Correction: The figure was 12.]",
    "* Clarification: the ministry did answer.",
    "This article was amended on 3 December 2020 to correct the number of bases.",
    "• This article was amended on 3 December 2020 because of an error.",
    "This story has been corrected to say that ten bases are occupied.",
    "This report has been updated to correct the name of the minister.",
    "This article has since been corrected.",
    "This headline was amended.",
    "An earlier version of this article said that nine ships had left. Ten had.",
    "A previous version of this story misidentified the envoy.",
    "An earlier version of the story gave a wrong date.",
    "Editor's note: An earlier version of this article stated otherwise.",
    "Editor’s note: This story has been corrected.",
    "This article originally stated that the port was closed.",
    "Corrected on 4 May 2021.",
    "Amended on May 4, 2021: the spelling of a name.",
]
REPORTING = [
    "The army issued a correction: nine men had died.",
    "Correction of the course will take years, the minister said.",
    "Corrections officers went on strike on Monday.",
    "The article of the treaty was amended in 1998.",
    "An earlier version of the bill said that ports must close.",
    "The constitution was amended on 3 December.",
    "This bill was amended on Tuesday to include fishermen.",
    "The clarification came too late for many.",
    "Clarification was demanded by the opposition.",
    "This report was published by the UN on Monday.",
    "The story has been told before.",
    "The market is in a correction.",
    "",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_recognised_wherever_it_stands(notice):
    body = "The council met on Monday.\n\nIt spoke about the harbour."
    for text in (f"{notice}\n\n{body}", f"{body}\n\n{notice}"):
        (span,) = corrections(text)
        assert text[span.start : span.end] == notice


@pytest.mark.parametrize("words", REPORTING)
def test_reporting_that_speaks_of_corrections_is_none(words):
    assert corrections(f"The council met.\n\n{words}\n\nIt spoke.") == []


@pytest.mark.parametrize("notice", NOTICES)
def test_cleaning_leaves_notices_in_the_text(notice):
    body = "The council of Sirte met on Monday.\n\nIt spoke about the harbour for two hours."
    for raw in (f"{notice}\n\n{body}", f"{body}\n\n{notice}"):
        text, _ = prepare(Document("a.txt", raw, Metadata(title="A title")))
        assert len(corrections(text)) == 1
