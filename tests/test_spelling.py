"""Names and words that a question spells otherwise than the articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.home import Home
from index.ingest import ingest
from rag.acronyms import introduced
from rag.spelling import respell
from rag.understand import understand
from tests.fake_embedding import WordEmbedding

TEXT = (
    "Yesterday Khalifa Hifter met Moammar Qaddafi near Vagner camps in Nigeria. "
    "The foreign fighters of the Government of National Accord (GNA) asked the UN for help. "
    "Then Hifter left, and Qaddafi and the Vagner men stayed behind in Nigeria with the GNA."
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder: Path = tmp_path_factory.mktemp("articles")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    with Home.open(tmp_path_factory.mktemp("home"), WordEmbedding()) as opened:
        assert ingest(opened, [folder]).failed == ()
        yield opened


@pytest.mark.parametrize(
    ("question", "asked", "found"),
    [
        ("Where is Haftar?", "haftar", "hifter"),
        ("Where is Gadhafi?", "gadhafi", "qaddafi"),
        ("Where is wagner?", "wagner", "vagner"),
        ("How many figthers left?", "figther", "fighter"),
        ("Who asked the Govermnent?", "govermn", "govern"),
    ],
)
def test_another_spelling_is_met(home: Home, question: str, asked: str, found: str) -> None:
    assert found in respell(understand(question), home).variants[asked]


@pytest.mark.parametrize("question", ["Where is Niger?", "Who founded it?", "Who helped?"])
def test_other_words_are_left_alone(home: Home, question: str) -> None:
    assert respell(understand(question), home).variants == {}


def test_the_embedder_reads_the_corrected_question(home: Home) -> None:
    corrected = respell(understand("How many figthers did Haftar send?"), home).corrected
    assert corrected == "How many fighters did hifter send?"


def test_an_acronym_is_met_by_what_the_articles_say_it_means(home: Home) -> None:
    groups = respell(understand("Who led the GNA?"), home).groups
    assert groups == {"gna": ("govern", "nation", "accord")}


def test_a_spelt_out_name_is_met_by_its_acronym(home: Home) -> None:
    variants = respell(understand("What did the United Nations do?"), home).variants
    assert variants == {"unit": {"un": 0.9}, "nation": {"un": 0.9}}


def test_an_acronym_is_introduced_by_words_with_its_initials() -> None:
    text = "the head of the Libyan National Army (LNA) and the Bank of England (GNA)"
    assert introduced("LNA", text) == ("libyan", "national", "army")
    assert introduced("GNA", text) == ()
