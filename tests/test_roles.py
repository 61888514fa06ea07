"""Who did it and whom it was done to are not exchanged."""

import pytest

import rag
from rag.roles import wrong_role


def wrong(question: str, sentence: str, words: str) -> bool:
    start = sentence.index(words)
    return wrong_role(question, sentence, start, start + len(words))


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Who defeated Ann Lee?", "Lee went on to defeat President Bo Ek in May.", "Bo Ek"),
        ("Who invited Ann Lee?", "Ann Lee invited the mayor Bo Ek to the fair.", "Bo Ek"),
        ("Whom did Lee defeat?", "Bo Ek defeated Lee in 1980.", "Bo Ek"),
        ("Who was replaced by Ann Lee?", "Ann Lee replaced Bo Ek.", "Ann Lee"),
        ("Who did Ann Lee replace?", "Lee was soon replaced by Bo Ek.", "Bo Ek"),
        ("Who succeeded Lee as envoy?", "She takes over from Bo Ek, a lawyer.", "Bo Ek"),
        ("Who replaced Lee?", "Lee has led the mission since Bo Ek resigned in March.", "Bo Ek"),
        ("Who is Lee's successor?", "Her predecessor, Bo Ek, praised her.", "Bo Ek"),
        ("Who was Lee's predecessor?", "Lee was replaced by Bo Ek.", "Bo Ek"),
        ("Who was Lee's predecessor?", "Her successor is Bo Ek.", "Bo Ek"),
        ("By whom was Lee defeated?", "Lee defeated Bo Ek.", "Bo Ek"),
        ("Who succeeded Lee?", "The port is quiet, said Bo Ek, a teacher.", "Bo Ek"),
        (
            "What is the name of the keeper?",
            "The keeper’s daughter, Ann Lee, lit the lamp.",
            "Ann Lee",
        ),
        ("Who won the harbour race?", "Bo Ek, 61, made his fortune in timber.", "Bo Ek"),
        ("Who won the mayor's election?", "Bo Ek runs the election office.", "Bo Ek"),
    ],
)
def test_the_other_one_is_no_answer(question, sentence, words):
    assert wrong(question, sentence, words)


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Who defeated Ann Lee?", "Bo Ek defeated Lee in 1980.", "Bo Ek"),
        ("Who defeated Ann Lee?", "Lee was defeated by Bo Ek.", "Bo Ek"),
        ("Who led Lee to the harbour?", "A group led by Bo Ek took Lee to the harbour.", "Bo Ek"),
        ("Who did Lee defeat?", "Lee went on to defeat President Bo Ek.", "Bo Ek"),
        ("Who was replaced by Ann Lee?", "Ann Lee replaced Bo Ek.", "Bo Ek"),
        ("Who was Lee's predecessor?", "Lee replaced Bo Ek in 2015.", "Bo Ek"),
        ("Who is Lee's successor?", "Her successor, Bo Ek, praised her.", "Bo Ek"),
        ("Who succeeded Lee?", "Bo Ek was sworn in as envoy on Monday.", "Bo Ek"),
        ("Who succeeded Lee?", "After Lee, said Bo Ek, came the deluge.", "Bo Ek"),
        ("Who is the keeper?", "The keeper, Bo Ek, lit the lamp.", "Bo Ek"),
        ("Who is the keeper's daughter?", "The keeper’s daughter, Ann Lee, lit it.", "Ann Lee"),
        ("Who won the harbour race?", "Bo Ek beat six others in the harbour.", "Bo Ek"),
        ("Who won the mayor's election?", "Bo Ek was elected mayor.", "Bo Ek"),
        ("Who met Ann Lee?", "Lee met Bo Ek in Moscow.", "Bo Ek"),
        ("Who said Ann Lee was ill?", "“Lee is ill”, said Bo Ek.", "Bo Ek"),
        ("Who is Lee's agent?", "“She is well”, Lee’s agent, Bo Ek, said.", "Bo Ek"),
        ("When did Lee replace Ek?", "Lee replaced Bo Ek in May.", "May"),
        ("Who replaced Lee?", "It has been quiet since Bo Ek took office.", "Bo Ek"),
    ],
)
def test_the_right_one_and_what_is_in_doubt_may_answer(question, sentence, words):
    assert not wrong(question, sentence, words)


def test_whom_somebody_replaced_is_not_shown_as_the_successor(tmp_path):
    (tmp_path / "a.txt").write_text(
        "Harbour office changes hands\n\nAnn Lee replaced Bo Ek as harbour master on Monday.\n"
    )
    with rag.connect(tmp_path / "home") as engine:
        engine.ingest([tmp_path / "a.txt"])
        assert engine.ask("Who did Ann Lee replace as harbour master?").short_answer == "Bo Ek"
        assert engine.ask("Who replaced Ann Lee as harbour master?").short_answer != "Bo Ek"
