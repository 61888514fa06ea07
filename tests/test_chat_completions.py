"""The collection as a chat model, asked by the real OpenAI client and by LlamaIndex."""

import re

import httpx
import openai
import pytest

from rag.answer import Answer, Citation, Sentence
from rag.llms.open import open_llm
from tests.fake_engine import FakeEngine, hostile_engine
from tests.serving import site_serving
from tests.test_api import Failing
from ui.doors.desk import Desk
from ui.doors.reply import body_markdown, reply_markdown, without_sources

QUESTION = "How many foreign fighters did the UN estimate?"
SOURCE = re.compile(r"\[(\d+)\] ([^,]+), ([^,*]+)(?:, \*(.+?)\*)?(?:, <(.+?)>)?: “(.+)”")


@pytest.fixture(scope="module")
def address(samples):
    with site_serving(Desk(samples)) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    with openai.OpenAI(base_url=f"{address}/v1", api_key="-", timeout=60) as connected:
        yield connected


def chat(client, *words, model="dateline", **options):
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": said} for n, said in enumerate(words)]
    return client.chat.completions.create(model=model, messages=messages, **options)


def test_a_reply_carries_marks_and_ends_in_its_sources(client, samples):
    answer = samples.ask(QUESTION)
    completion = chat(client, QUESTION)
    [choice] = completion.choices
    text, _, sources = choice.message.content.partition("\n\nSources:\n\n")
    assert (choice.finish_reason, choice.message.role) == ("stop", "assistant")
    assert text == answer.text
    told = [SOURCE.fullmatch(row).groups() for row in sources.split("  \n")]
    assert [int(number) for number, *_ in told] == [each.number for each in answer.citations]
    second = answer.citations[1]
    assert told[1] == (
        "2",
        second.article.publisher,
        "3 December 2020",
        second.article.title,
        second.article.url,
        second.quote,
    )


def test_the_citations_are_exact_and_the_annotations_point_at_the_marks(client, samples):
    completion = chat(client, QUESTION)
    answer = samples.ask(QUESTION).to_dict()
    assert completion.citations == answer["citations"]
    message = completion.choices[0].message
    addresses = {each["number"]: each["article"]["url"] for each in answer["citations"]}
    found = [
        (message.content[each.url_citation.start_index : each.url_citation.end_index], each)
        for each in message.annotations
    ]
    assert found
    for mark, annotation in found:
        assert annotation.url_citation.url == addresses[int(mark.strip("[]"))]


def test_a_stream_joined_is_the_same_reply_and_ends_with_citations_and_usage(client):
    whole = chat(client, QUESTION)
    chunks = list(chat(client, QUESTION, stream=True, stream_options={"include_usage": True}))
    *pieces, last, usage = chunks
    assert "".join(p.choices[0].delta.content for p in pieces) == whole.choices[0].message.content
    assert len(pieces) > 3
    assert last.choices[0].finish_reason == "stop"
    assert last.citations == whole.citations
    assert (usage.choices, usage.usage) == ([], whole.usage)
    assert whole.usage.prompt_tokens == 9
    assert whole.usage.completion_tokens > 100
    assert whole.usage.total_tokens == 9 + whole.usage.completion_tokens


def test_a_question_without_an_answer_is_refused_with_what_comes_nearest(client, samples):
    question = "Who won the chess final?"
    [choice] = chat(client, question).choices
    refusal = samples.ask(question).refusal
    assert choice.message.content.startswith(
        f"{refusal.reason}\n\nThe collection holds 19 articles"
    )
    assert "\n\nNearest passages, not an answer:\n\n- " in choice.message.content
    assert chat(client, question).citations == []
    assert "".join(
        chunk.choices[0].delta.content or "" for chunk in chat(client, question, stream=True)
    ) == (choice.message.content)


def test_a_refusal_that_was_not_streamed_still_comes_whole():
    """As where a language model wrote nothing that its passages support."""

    class Refusing(FakeEngine):
        def _answer(self, question, text, *parts):
            return super()._answer(question, "The articles do not say.", *parts)

    with (
        site_serving(Desk(Refusing())) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="-") as client,
    ):
        whole = chat(client, "Who won the chess final?").choices[0].message.content
        chunks = chat(client, "Who won the chess final?", stream=True)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole
        assert whole.startswith("The articles do not say.\n\nThe collection holds 3")


def test_the_one_model_is_listed(client):
    assert [model.id for model in client.models.list()] == ["dateline"]
    assert client.models.retrieve("dateline").owned_by == "dateline"
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt'"):
        client.models.retrieve("gpt")


def test_earlier_messages_are_the_conversation_without_their_sources():
    engine = FakeEngine()
    with site_serving(Desk(engine)) as address, httpx.Client(base_url=address) as client:
        parts = [{"type": "text", "text": "And in"}, {"type": "text", "text": "Libya?"}]
        messages = [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "unanswered"},
            {"role": "user", "content": "How many?"},
            {"role": "assistant", "content": "Some. [1]\n\nSources:\n\n[1] A paper: “Some.”"},
            {"role": "user", "content": parts},
        ]
        asked = {"model": "dateline", "messages": messages, "seed": 1, "tools": [], "n": None}
        assert client.post("/v1/chat/completions", json=asked).status_code == 200
        assert engine.histories == [(("How many?", "Some. [1]"),)]


@pytest.mark.parametrize(
    ("words", "options", "status", "told"),
    [
        ((" ",), {}, 400, "The question is empty"),
        ((" ",), {"stream": True}, 400, "The question is empty"),
        (("x" * 2001,), {}, 400, "2,001 characters"),
        ((), {}, 400, "messages: List should have at least 1 item"),
        ((QUESTION,), {"model": "gpt-9"}, 404, "There is no model 'gpt-9'. The model's name is"),
        ((QUESTION,), {"stream": "maybe"}, 400, "stream: Input should be a valid boolean"),
    ],
)
def test_errors_come_in_openais_form(client, words, options, status, told):
    with pytest.raises(openai.APIStatusError, match=re.escape(told)) as caught:
        chat(client, *words, **options)
    assert caught.value.status_code == status
    assert set(caught.value.body) == {"message", "type", "param", "code"}
    assert caught.value.type == "invalid_request_error"


def test_only_messages_of_others_are_no_question(client):
    with pytest.raises(openai.BadRequestError, match="No message has the role 'user'"):
        client.chat.completions.create(
            model="dateline", messages=[{"role": "system", "content": "Hello"}]
        )


def test_a_failure_half_way_reaches_the_client_as_an_error():
    with (
        site_serving(Desk(Failing(ZeroDivisionError("secret")))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="-", max_retries=0) as client,
    ):
        with pytest.raises(openai.InternalServerError, match="Something went wrong in the server"):
            chat(client, QUESTION)
        with pytest.raises(openai.APIError, match="Something went wrong in the server"):
            list(chat(client, QUESTION, stream=True))


def test_llamaindex_asks_us_as_it_asks_any_model(address, client):
    llm = open_llm(f"{address}/v1#dateline")
    expected = chat(client, QUESTION).choices[0].message.content
    assert llm.complete(QUESTION).text == expected
    *_, last = llm.stream_complete(QUESTION)
    assert last.text == expected


def test_words_of_articles_are_no_markdown():
    """Read by a Markdown parser, a reply holds no link but to plain addresses, and no image."""
    from markdown_it import MarkdownIt

    with site_serving(Desk(hostile_engine())) as address, httpx.Client(base_url=address) as client:
        messages = [{"role": "user", "content": "What did foreign fighters say about Libya?"}]
        asked = {"model": "dateline", "messages": messages}
        completion = client.post("/v1/chat/completions", json=asked).json()
    content = completion["choices"][0]["message"]["content"]
    tokens = [
        token
        for block in MarkdownIt("gfm-like", {"linkify": False}).parse(content)
        for token in (block, *(block.children or ()))
    ]
    kinds = {token.type for token in tokens}
    assert kinds <= {
        "inline",
        "text",
        "softbreak",
        "hardbreak",
        "em_open",
        "em_close",
        "paragraph_open",
        "paragraph_close",
    }
    assert len(completion["citations"]) > 10


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("It is so. [1][2]", "It is so. [1][2]"),
        ("See [1](https://evil.example)", "See [1] (https\\://evil.example)"),
        ("[1]: https://evil.example", "[1] : https\\://evil.example"),
        ("[one][1]", "\\[one\\][1]"),
        ("# Head\n- item", "\\# Head\n\\- item"),
        ("A *b* $5", "A \\*b\\* \\$5"),
    ],
)
def test_marks_stay_and_all_else_is_plain(text, reply):
    assert body_markdown(text) == reply


def test_a_reply_says_what_is_not_fully_supported():
    article = FakeEngine().retrieve("foreign fighters")[0].article
    answer = Answer(
        "?", "Some. [1]", None, True, (Sentence("Some. [1]", "partial", (1,)),),
        (Citation(1, "Some", 0, 4, article),), (), None, None, None, 0.5, "m", 0.1, {},
    )  # fmt: skip
    reply = reply_markdown(answer)
    assert reply.startswith(
        "Some. [1]\n\n*1 of 1 sentence is not fully supported by the quoted words.*\n\nSources:"
    )
    assert without_sources(reply).startswith("Some. [1]")
    assert "Sources" not in without_sources(reply)
