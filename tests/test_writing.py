"""A language model's answer over the sample articles: checked, cited, and every way it can fail.

The model is a real HTTP server on this machine that streams what the test has it say.
"""

import re
import signal
import socket
import subprocess

import pytest

import rag
from index.errors import LLMError
from rag.answer import Answer, Draft, Retrieved, TextDelta
from rag.llms.open import open_llm
from rag.writing.loops import close
from rag.writing.write import LONGEST
from tests.streaming_llm import babbles, breaks_off, fails, says, stalls, streaming_llm
from tests.test_cli import DATELINE
from tests.test_engine import UN_QUESTION, assert_cites_exact_words

TRUE = "The United Nations believes that at least 20,000 foreign fighters are on Libyan soil [1]."
BASES = "Ten military bases are wholly or partly in the hands of foreign forces [1]."
FALSE = "Norway sent 350 warships to Benghazi in 1987 [1]."
NOTHING = "The articles do not say."


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr("openai._base_client.BaseClient._calculate_retry_timeout", lambda *_: 0.0)


@pytest.fixture
def asks(samples):
    """Ask over the samples with a model that does what the acts say."""

    def ask(*acts, question=UN_QUESTION, strict=False):
        with (
            streaming_llm(*acts) as llm,
            rag.connect(samples.home, llm=llm.spec, strict=strict) as engine,
        ):
            ask.llm = llm
            return list(engine.stream(question))

    return ask


def answer_of(events) -> Answer:
    assert isinstance(events[-1], Answer)
    return events[-1]


def supports(answer):
    return [sentence.support for sentence in answer.sentences]


def test_a_true_sentence_is_told_with_the_exact_words_it_rests_on(asks, samples):
    events = asks(says(TRUE))
    answer = answer_of(events)
    assert isinstance(events[0], Retrieved)
    assert answer.text == TRUE.removesuffix(" [1].") + ". [1]"
    assert supports(answer) == ["supported"]
    assert "20,000" in answer.citations[0].quote
    assert answer.engine == asks.llm.spec
    assert_cites_exact_words(samples, answer)


def test_an_engine_closes_the_model_that_it_opened_and_no_other(samples):
    with streaming_llm(says(TRUE)) as llm:
        with rag.connect(samples.home, llm=llm.spec) as engine:
            list(engine.stream(UN_QUESTION))
            opened = engine._writer.llm
            assert not opened._aclient.is_closed()
        assert opened._aclient.is_closed()
        given = open_llm(llm.spec)
        with rag.connect(samples.home, llm=given) as engine:
            assert answer_of(list(engine.stream(UN_QUESTION))).answered
        assert not given._aclient.is_closed()
        close(given)
        assert given._aclient.is_closed()


def test_text_is_told_in_whole_checked_sentences_and_drafts_hold_no_marks(asks):
    events = asks(says(f"{TRUE} {BASES}"))
    told = [event.text for event in events if isinstance(event, TextDelta)]
    drafts = [event.text for event in events if isinstance(event, Draft)]
    assert "".join(told) == answer_of(events).text
    assert len(told) == 2
    assert any(draft.startswith("The United Nations believes") for draft in drafts)
    assert not any("[" in draft for draft in drafts)


def test_an_unsupported_sentence_is_marked_and_cites_nothing(asks):
    answer = answer_of(asks(says(f"{TRUE} {FALSE}")))
    assert supports(answer) == ["supported", "unsupported"]
    assert answer.sentences[1].text == "Norway sent 350 warships to Benghazi in 1987. [unsupported]"
    assert answer.sentences[1].citations == ()
    assert answer.answered


def test_strict_leaves_out_what_is_unsupported_and_counts_it(asks):
    answer = answer_of(asks(says(f"{TRUE} {FALSE}"), strict=True))
    assert supports(answer) == ["supported"]
    assert "Norway" not in answer.text
    assert answer.withheld == 1


def test_nothing_but_unsupported_sentences_is_no_answer(asks):
    answer = answer_of(asks(says(FALSE)))
    assert not answer.answered
    assert answer.text == "The language model wrote nothing that the articles support."
    assert answer.citations == ()
    assert answer.refusal.nearest


def test_a_sentence_is_asked_for_once_more_with_what_is_wrong_with_it(asks):
    wrong = "The United Nations believes that at least 35,000 foreign fighters are in Libya [1]."
    answer = answer_of(asks(says(wrong), says(TRUE)))
    assert supports(answer) == ["supported"]
    assert "20,000" in answer.text
    assert "35,000" not in answer.text
    assert "not borne out: 35,000" in asks.llm.prompts[1]


def test_a_repair_about_something_else_does_not_take_the_place_of_the_sentence(asks):
    answer = answer_of(asks(says(f"{TRUE} {FALSE}"), says(BASES)))
    assert supports(answer) == ["supported", "unsupported"]


def test_the_fixed_phrase_is_a_refusal_with_the_nearest_passages(asks):
    answer = answer_of(asks(says(NOTHING)))
    assert not answer.answered
    assert answer.text == NOTHING
    assert answer.refusal.nearest
    assert answer.refusal.coverage.articles > 10


def test_without_a_passage_that_may_answer_the_model_is_not_asked(asks):
    answer = answer_of(asks(says(TRUE), question="Zyxgrplf quorvan brindleshaft?"))
    assert not answer.answered
    assert asks.llm.requests == []


def test_marks_that_name_no_passage_are_dropped_and_counted(asks):
    answer = answer_of(asks(says(TRUE.replace("[1]", "[1][77], [98-99]"))))
    assert answer.dropped_citations == 3
    assert supports(answer) == ["supported"]
    assert not re.search(r"\[(?!1\])\d", answer.text)


def test_a_sentence_without_citation_gets_the_one_that_supports_it(asks):
    answer = answer_of(asks(says(TRUE.replace(" [1]", ""))))
    assert supports(answer) == ["supported"]
    assert answer.text.endswith("[1]")
    assert "20,000" in answer.citations[0].quote


def test_a_wrong_number_is_put_right_and_the_wrong_passage_not_cited(asks):
    asks(says(TRUE))
    passages = re.findall(r"<passage (\d+):[^\n]*\n(.*?)</passage", asks.llm.prompts[0], re.DOTALL)
    lacking = next(number for number, text in passages if "20,000" not in text)
    answer = answer_of(asks(says(TRUE.replace("[1]", f"[{lacking}]"))))
    assert supports(answer) == ["supported"]
    assert all("20,000" in citation.quote for citation in answer.citations)


def test_lead_ins_lists_and_a_list_of_sources_are_left_out(asks):
    text = f"Here is what they say:\n\n- **{TRUE}**\n\nSources:\n[1] Harbour Wire\n[2] Others\n"
    answer = answer_of(asks(says(text)))
    assert answer.text == TRUE.removesuffix(" [1].") + ". [1]"


def test_what_a_model_thinks_aloud_is_not_told(asks):
    answer = answer_of(asks(says(f"<think>Norway sent warships. Hm.</think>{TRUE}")))
    assert answer.text == TRUE.removesuffix(" [1].") + ". [1]"


def test_the_prompt_numbers_dates_and_attributes_passages_as_data(asks):
    asks(says(TRUE))
    prompt = asks.llm.prompts[0]
    assert re.search(r"<passage 1: [^,>]+, 20\d\d-\d\d-\d\d, “[^”]+”>", prompt)
    assert prompt.count("</passage 1>") == 1
    assert "not instructions" in prompt
    assert prompt.rstrip().endswith(f"Question: {UN_QUESTION}")


def test_usage_is_what_the_server_tells(asks):
    answer = answer_of(asks(says(TRUE)))
    assert answer.usage.prompt_tokens == 100
    assert answer.usage.completion_tokens == 20


def test_a_model_that_writes_without_end_is_stopped(asks):
    answer = answer_of(asks(says(f"{TRUE} " + " ".join(f"Then{n}" for n in range(LONGEST // 4)))))
    assert "without end" in answer.interrupted
    assert supports(answer)[0] == "supported"
    assert set(supports(answer)[1:]) == {"unsupported"}
    assert len(answer.text) < 1.1 * LONGEST


def test_a_model_that_goes_in_circles_is_told_once_and_stopped(asks):
    answer = answer_of(asks(says(f"{TRUE} {BASES} " + f"{TRUE} " * 400)))
    assert supports(answer) == ["supported", "supported"]
    assert answer.interrupted is None


# Faults: what each one looks like


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (fails(401, "no"), "refuses the key. Set OPENAI_API_KEY"),
        (fails(404, "no such model"), "Check the model's name and the address"),
        (fails(429, "slow down"), "takes no more requests (slow down). Wait and try again"),
        (fails(500, "broken"), "failed (broken). Try again, or check its server"),
        (
            fails(400, "This model's maximum context length is 2048", "context_length_exceeded"),
            "maximum context length is 2048",
        ),
        (babbles(b"\x00\xff\x00garbage"), "answers in another form than OpenAI's API"),
        (babbles(b"garbage\n\n"), "gave an empty answer"),
        (babbles(b"data: {\x00\xff\n\n"), "answers in another form than OpenAI's API"),
        (babbles(b'data: {"choices": 7}\n\n'), "answers in another form than OpenAI's API"),
        (says(""), "gave an empty answer. Try again, or use another"),
        (says("   \n\n"), "gave an empty answer. Try again, or use another"),
        (breaks_off(""), "failed ("),
    ],
)
def test_a_failure_is_one_line_with_a_remedy(asks, act, told):
    with pytest.raises(LLMError) as failed:
        asks(act)
    assert told in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_model_that_takes_a_moment_is_asked_again(asks):
    busy = fails(429, "slow down", headers=[("Retry-After", "0")])
    answer = answer_of(asks(busy, busy, says(TRUE)))
    assert supports(answer) == ["supported"]
    assert len(asks.llm.requests) == 3


def test_a_server_that_is_not_there_is_named(samples):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        spec = f"http://127.0.0.1:{free.getsockname()[1]}/v1#m"
    with (
        rag.connect(samples.home, llm=spec) as engine,
        pytest.raises(LLMError, match=r"cannot be reached\. Start its server"),
    ):
        engine.ask(UN_QUESTION)


def test_what_was_told_before_a_break_stays_and_the_break_is_told(asks):
    answer = answer_of(asks(breaks_off(f"{TRUE} {BASES} Half of a sent")))
    assert supports(answer) == ["supported", "supported"]
    assert "Half of" not in answer.text
    assert "failed" in answer.interrupted
    assert "\n" not in answer.interrupted


def test_a_stall_ends_at_the_time_limit(asks, monkeypatch):
    monkeypatch.setattr("rag.writing.write.time_limit", lambda: 0.5)
    with pytest.raises(LLMError, match=r"said nothing for 0\.5 s"):
        asks(stalls())
    answer = answer_of(asks(stalls(f"{TRUE} {BASES} Half of a sent")))
    assert supports(answer) == ["supported", "supported"]
    assert "said nothing for 0.5 s" in answer.interrupted


@pytest.mark.parametrize("before", ["", f"{TRUE} And then"])
def test_closing_the_stream_drops_the_request(samples, before):
    with (
        streaming_llm(stalls(before)) as llm,
        rag.connect(samples.home, llm=llm.spec) as engine,
    ):
        events = engine.stream(UN_QUESTION)
        while not llm.waiting.is_set():
            assert isinstance(next(events), Retrieved | Draft | TextDelta)
        events.close()
        assert llm.left.wait(1)


def test_a_missing_key_is_told_before_anything_is_asked(samples):
    with pytest.raises(LLMError, match=r"needs a key\. Set OPENAI_API_KEY"):
        rag.connect(samples.home, llm="openai/gpt-4o")


def test_ctrl_c_drops_the_request_and_says_one_line(samples):
    with streaming_llm(stalls(f"{TRUE} And then")) as llm:
        asking = [DATELINE, "ask", UN_QUESTION, "--home", samples.home, "--llm", llm.spec]
        with subprocess.Popen(
            asking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert llm.waiting.wait(60)
            process.send_signal(signal.SIGINT)
            assert llm.left.wait(1)
            said, noted = process.communicate(timeout=20)
    assert (process.returncode, said, noted) == (130, "", "interrupted\n")
