"""What a question is taken to ask for."""

import pytest

from rag.understand import Kind, understand


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many ships were inspected?", Kind.COUNT),
        ("How much money did the bank lend?", Kind.MONEY),
        ("How much water is left?", Kind.COUNT),
        ("How many dollars did he owe?", Kind.MONEY),
        ("How long did the siege last?", Kind.EXTENT),
        ("How far is the port from the front?", Kind.EXTENT),
        ("What percentage of voters stayed away?", Kind.PERCENT),
        ("When was the bridge opened?", Kind.DATE),
        ("In what year did the king die?", Kind.DATE),
        ("On which day is the vote?", Kind.DATE),
        ("Who signed the treaty?", Kind.PERSON),
        ("Which minister resigned?", Kind.PERSON),
        ("Where was the ship built?", Kind.PLACE),
        ("In which coastal city did they meet?", Kind.PLACE),
        ("Which countries sent troops?", Kind.COUNTRY),
        ("What nationalities were on board?", Kind.PEOPLE),
        ("Which airline flew them?", Kind.ORGANISATION),
        ("What is the name of the vessel?", Kind.NAME),
        ("Why did the talks fail?", Kind.REASON),
        ("What did the envoy propose?", Kind.OTHER),
        ("What prize money did she win?", Kind.MONEY),
        ("How much time did they have?", Kind.EXTENT),
        ("Name the mayor of the town.", Kind.PERSON),
        ("Please name the three members of the council.", Kind.NAME),
        ("Name of the ship?", Kind.OTHER),
    ],
)
def test_question_words_tell_the_kind_of_answer(question: str, kind: Kind) -> None:
    assert understand(question).kind is kind


@pytest.mark.parametrize(
    ("question", "much"),
    [
        ("How much did the airline promise?", True),
        ("How much of the park burnt?", True),
        ("What figure did the lawyer suggest?", True),
        ("What was the total?", True),
        ("How much rain fell?", True),
        ("How big was the loss?", True),
        ("What pay rise did they want?", True),
        ("What was the price?", False),
        ("How many were rescued?", False),
        ("How much money did it cost?", False),
    ],
)
def test_a_question_may_leave_open_what_is_measured(question: str, much: bool) -> None:
    assert understand(question).asks_much is much


def test_words_that_only_ask_are_no_terms() -> None:
    words = [term.word for term in understand("How many ships did the navy send?").terms]
    assert words == ["ships", "navy", "send"]
    words = [term.word for term in understand("Name all members of the council.").terms]
    assert words == ["members", "council"]


def test_a_noun_that_only_names_the_kind_is_no_term() -> None:
    assert "countries" not in [t.word for t in understand("Which countries sent troops?").terms]
    assert "population" in [t.word for t in understand("What is the population of Oslo?").terms]


def test_capitals_show_names_except_at_the_start() -> None:
    names = {t.word for t in understand("Did Lavrov meet envoys in Moscow?").terms if t.is_name}
    assert names == {"lavrov", "moscow"}


def test_a_hyphenated_word_is_one_term_that_knows_its_parts() -> None:
    (term,) = [t for t in understand("Who fed pro-regime men?").terms if "regime" in t.word]
    assert (term.word, term.parts) == ("proregime", ("pro", "regim"))


def test_the_counted_noun_is_the_head() -> None:
    head = understand("How many Security Council members agreed?").head
    assert [term.word for term in head] == ["security", "council", "members"]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which countries sent troops?", True),
        ("Which country sent troops?", False),
        ("What are the names of the ships?", True),
        ("How many ships were there?", False),
        ("What totals were reported?", True),
        ("Name the three members of the council.", True),
        ("List all countries that sent troops.", True),
        ("Name the mayor of the town.", False),
    ],
)
def test_a_plural_asks_for_a_list(question: str, wanted: bool) -> None:
    assert understand(question).wants_list is wanted


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("Which two dates were told?", 2),
        ("Name the three members of the council.", 3),
        ("Which 5 countries sent troops?", 5),
        ("Which countries sent two ships?", None),
        ("How many of the two ships sank?", None),
        ("Which one day was it?", None),
        ("Which 2020 films won prizes?", None),
        ("Which ፩፪ films won prizes?", None),
    ],
)
def test_a_list_may_say_how_many_it_wants(question: str, many: int | None) -> None:
    assert understand(question).many == many


@pytest.mark.parametrize("question", ["?", "how", "which", "the of and", "2020", "é", "a-b-c"])
def test_any_scrap_of_text_is_understood(question: str) -> None:
    assert understand(question).text == question


def test_a_misspelt_question_word_is_understood_and_a_verb_is_not_taken_for_one() -> None:
    assert understand("Wher was the ship built?").kind is Kind.PLACE
    assert understand("Were the talks held?").kind is Kind.OTHER
