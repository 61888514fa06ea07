"""Questions to begin with: from the articles, and each of them is answered."""

import pytest

import rag
from rag.suggest import MOST, questions, suggestions
from tests.fake_engine import ARTICLES, FakeEngine, article


def made(words):
    return list(questions(article("a", words)))


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "About 900 people watched from the harbour wall.",
            "How many people watched from the harbour wall?",
        ),
        (
            "The envoy believes that at least 20,000 foreign fighters are in Libya, she said.",
            "How many foreign fighters are in Libya?",
        ),
        (
            "The coastal road was reopened on June 20, his office said.",
            "When was the coastal road reopened?",
        ),
        ("The lighthouse tower was built in 1868.", "When was the lighthouse tower built?"),
        ("The restoration cost 2.4 million crowns.", "How much did the restoration cost?"),
        (
            "TUNIS, December 3. /Harbour Wire/. Ten military bases are in foreign hands.",
            "How many military bases are in foreign hands?",
        ),
    ],
)
def test_a_plain_sentence_is_turned_into_its_question(sentence, question):
    assert made(sentence) == [question]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nine dairies made it together.",
        "Three of their boats were lost.",
        "About 900 people watched as the keeper, Elsa Marrow, pressed the switch.",
        "The keys were handed over to his deputy.",
        "The weather was fine.",
        "",
    ],
)
def test_a_sentence_that_does_not_stand_alone_makes_no_question(sentence):
    assert made(sentence) == []


def test_all_questions_over_the_samples_are_answered_from_different_articles(samples):
    with rag.connect(samples.home) as engine:
        offered = suggestions(engine)
        answers = [engine.ask(question) for question in offered]
    assert len(set(offered)) == MOST
    assert all(question.endswith("?") for question in offered)
    assert all(answer.answered and answer.confidence >= 0.5 for answer in answers)


def test_an_empty_collection_offers_nothing():
    assert suggestions(FakeEngine(())) == ()


def test_headlines_that_get_an_answer_stand_in_where_the_rules_find_nothing():
    text = "Mercenaries show no sign of leaving Libya, and delay would cost it dearly."
    plain = article("one", text, title="Mercenaries show no sign of leaving Libya")
    other = article("two", "Nothing else happened today.", title="Chess final in the old town hall")
    assert suggestions(FakeEngine((plain, other))) == ("Mercenaries show no sign of leaving Libya",)


def test_a_language_model_is_not_asked_for_suggestions():
    engine = FakeEngine(ARTICLES)
    suggestions(engine)
    assert engine.variants == [{"quoting": True, "strict": False}]
