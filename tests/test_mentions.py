"""What a text offers as short answers."""

import pytest

from rag.mentions import mentions
from rag.understand import Kind


def found(text: str, kind: Kind) -> list[str]:
    return [text[m.start : m.end] for m in mentions(text) if kind in m.kinds]


def keys(text: str, kind: Kind) -> list[str]:
    return [m.key for m in mentions(text) if kind in m.kinds]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("There were at least 20,000 men.", "at least 20,000"),
        ("They sent more than a dozen jets.", "more than a dozen"),
        ("All 15 members agreed.", "15"),
        ("Some twenty-five boats sank.", "Some twenty-five"),
        ("Between 800 and 1,200 men stayed.", "Between 800 and 1,200"),
        ("No fewer than 3.5 million people voted.", "No fewer than 3.5 million"),
    ],
)
def test_a_number_keeps_its_hedge(text: str, number: str) -> None:
    assert found(text, Kind.COUNT) == [number]


def test_numbers_written_in_different_ways_have_one_key() -> None:
    assert keys("about 20,000 men", Kind.COUNT) == keys("at least 20 thousand men", Kind.COUNT)
    assert keys("a dozen jets", Kind.COUNT) == keys("12 jets", Kind.COUNT)
    assert keys("twenty-five men", Kind.COUNT) == keys("25 men", Kind.COUNT)


@pytest.mark.parametrize(
    ("text", "kind", "answer"),
    [
        ("He was paid $1,000 and fed.", Kind.MONEY, "$1,000"),
        ("He paid 300 Canadian dollars.", Kind.MONEY, "300 Canadian dollars"),
        ("It cost 2.4 million crowns.", Kind.MONEY, "2.4 million crowns"),
        ("Turnout was 43.5 percent.", Kind.PERCENT, "43.5 percent"),
        ("They must leave within three months.", Kind.EXTENT, "within three months"),
        ("A trench of 70 kilometres was dug.", Kind.EXTENT, "70 kilometres"),
        ("Its airspace reaches 12 nautical miles out.", Kind.EXTENT, "12 nautical miles"),
        ("They burnt 5,000 square kilometres of it.", Kind.EXTENT, "5,000 square kilometres"),
        ("A wall 6ft high was built.", Kind.EXTENT, "6ft"),
        ("The bear weighs 200 pounds.", Kind.EXTENT, "200 pounds"),
        ("The club paid £10m for her.", Kind.MONEY, "£10m"),
        ("It fetched NZ$412 million at auction.", Kind.MONEY, "NZ$412 million"),
        ("The lender wrote off EUR 3 billion.", Kind.MONEY, "EUR 3 billion"),
        ("About two-thirds of them voted.", Kind.PERCENT, "About two-thirds"),
        ("One in five stayed away.", Kind.PERCENT, "One in five"),
        ("Half of them voted.", Kind.PERCENT, "Half"),
    ],
)
def test_units_tell_what_is_measured(text: str, kind: Kind, answer: str) -> None:
    assert found(text, kind) == [answer]


def test_one_in_five_is_a_share_and_five_in_a_year_are_not() -> None:
    assert found("One in five stayed away.", Kind.COUNT) == []
    assert found("It killed five in 2020.", Kind.PERCENT) == []
    assert found("It killed five in 2020.", Kind.COUNT) == ["five"]
    assert found("two in three days", Kind.PERCENT) == []


def test_a_short_scale_says_the_same_as_the_word() -> None:
    assert keys("£10m", Kind.MONEY) == keys("£10 million", Kind.MONEY)
    assert keys("10k tickets", Kind.COUNT) == keys("10,000 tickets", Kind.COUNT)
    assert keys("about a third", Kind.PERCENT) == keys("a third", Kind.PERCENT)


@pytest.mark.parametrize(
    "date",
    [
        "December 24, 2021",
        "24 December 2021",
        "24 December in 2021",
        "October 23 last year",
        "April 2019",
        "mid-December",
        "the end of December",
        "2011",
        "last April",
        "Thursday",
        "2021-08-19",
    ],
)
def test_dates_are_found_as_precisely_as_they_are_given(date: str) -> None:
    assert found(f"It happened on {date}, he said.", Kind.DATE) == [date]


def test_a_year_is_no_count_and_a_verb_is_no_month() -> None:
    assert found("In 2011 they may leave.", Kind.COUNT) == []
    assert found("They may leave.", Kind.DATE) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Turkish President Recep Tayyip Erdogan signed.", "Recep Tayyip Erdogan"),
        ("UN Special Envoy to Libya Jan Kubis said so.", "Jan Kubis"),
        ("Fayez al-Sarraj, the chairman, signed.", "Fayez al-Sarraj"),
        ("Russian Deputy Foreign Minister Sergey Vershinin said no.", "Sergey Vershinin"),
    ],
)
def test_a_person_is_named_without_titles(text: str, name: str) -> None:
    assert name in found(text, Kind.PERSON)


def test_names_are_told_apart_by_their_words_and_surroundings() -> None:
    assert found("They met in Sirte.", Kind.PLACE) == ["Sirte"]
    assert found("trained in Syria’s Latakia province", Kind.PLACE) == ["Latakia"]
    assert found("Heathrow Airport was shut", Kind.PLACE) == ["Heathrow Airport"]
    assert found("the Tobruk-based parliament", Kind.PLACE) == ["Tobruk"]
    assert found("Egypt and France agreed.", Kind.COUNTRY) == ["Egypt", "France"]
    assert found("They were Syrians and Chadians.", Kind.PEOPLE) == ["Syrians", "Chadians"]
    assert found("the Kremlin-connected Wagner Group", Kind.ORGANISATION) == ["Wagner Group"]
    assert found("a UN-backed truce", Kind.ORGANISATION) == ["UN"]


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    assert found("Elections were held. Subsequent talks failed.", Kind.NAME) == []


@pytest.mark.parametrize("text", ["", "…", "$", "1,2,3.4.5", "-" * 5000, "A" * 5000, "9" * 5000])
def test_any_text_is_read(text: str) -> None:
    assert all(0 <= m.start < m.end <= len(text) for m in mentions(text))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("She plays on July 1 and 2.", ["July 1", "2"]),
        ("It fell on May 3, 4 and 5 that year.", ["May 3", "4", "5"]),
        ("It can be anywhere from Dec. 20-23, he said.", ["Dec. 20", "23"]),
        ("On July 1 and 20 people died.", ["July 1"]),
        ("Ten died on July 1 and 20 of them in Lome.", ["July 1"]),
        ("On July 1 and 20 were hurt.", ["July 1"]),
        ("She sang on July 21 and 2 in the rain.", ["July 21"]),
        ("On July 1, 2021 and later.", ["July 1, 2021"]),
    ],
)
def test_days_that_follow_a_date_are_dates_and_figures_are_not(text: str, days: list[str]) -> None:
    assert found(text, Kind.DATE) == days


def test_a_day_that_follows_has_the_key_of_the_whole_date() -> None:
    assert keys("on July 1 and 2.", Kind.DATE)[1:] == keys("on July 2.", Kind.DATE)
