"""A language model behind a real server: answers, streams, stops, and does not hang."""

import json
import time
from contextlib import closing

import pytest
from llama_index.core.llms import ChatMessage

from index.errors import LLMError
from rag.llms.metered import MeteredLLM
from rag.llms.open import open_llm
from rag.llms.options import LLMOptions
from rag.llms.servers import Served, ollama_context_of, served_models
from rag.writing.stream import Stream
from tests.llama_server import CONTEXT, MODEL
from tests.scripted_llm import scripted_llm
from tests.stalling import DOCUMENT, STREAM, event, stalling_server

LONG = "word " * 3000


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("OPENAI_API_KEY", "DATELINE_LLM_TIMEOUT", "DATELINE_LLM_CONTEXT"):
        monkeypatch.delenv(name, raising=False)


def streamed(spec, words="Hi", seconds=60.0, **options):
    """A stream of the model's words, as answers are read."""
    model = open_llm(spec, LLMOptions(seconds, **options))
    return iter(Stream(model, spec, [ChatMessage(words)], seconds))


# llama.cpp


def test_a_real_server_answers_and_tells_what_it_used(llama_server):
    model = MeteredLLM(open_llm(llama_server.spec), llama_server.spec)
    assert model.complete("Say hello.", max_tokens=8).text.strip()
    used = model.take_usage()
    assert used.prompt_tokens > 5
    assert 1 <= used.completion_tokens <= 8


def test_a_real_server_tells_its_models_and_their_context(llama_server):
    assert served_models(f"{llama_server.address}/v1") == (Served(MODEL, CONTEXT),)
    assert open_llm(llama_server.spec).metadata.context_window == CONTEXT


def test_an_answer_streams_in_pieces(llama_server):
    with closing(streamed(llama_server.spec, "Count from one to ten.")) as pieces:
        told = [
            piece for piece, _ in zip((each for each in pieces if each), range(5), strict=False)
        ]
    assert len(told) == 5
    assert len("".join(told)) < 60


def test_a_stream_that_is_left_stops_the_server(llama_server):
    stream = streamed(llama_server.spec, "Write a very long story about the sea.")
    while not next(stream):
        pass
    assert llama_server.is_generating()
    stream.close()
    left = time.monotonic()
    while llama_server.is_generating():
        assert time.monotonic() - left < 20, "it goes on although nobody listens"


def test_a_prompt_past_the_context_is_one_line(llama_server):
    model = MeteredLLM(open_llm(llama_server.spec), llama_server.spec)
    asked = (lambda: model.complete(LONG), lambda: list(streamed(llama_server.spec, LONG)))
    for ask in asked:
        with pytest.raises(LLMError) as failed:
            ask()
        said = str(failed.value)
        assert "cannot take that much text" in said
        assert f"the available context size ({CONTEXT} tokens)" in said
        assert "Set DATELINE_LLM_CONTEXT to the tokens that it takes" in said
        assert "\n" not in said


# Servers that stall


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b""),  # silence
        (STREAM, b""),
        (STREAM, b": still here\n\n"),  # a comment is no piece of an answer
        (STREAM + event("Once"), b""),
        (STREAM + event("Once"), b": still here\n\n"),
    ],
)
def test_a_server_that_stalls_is_given_up_in_time(first, again):
    with stalling_server(first, again) as (address, requests):
        stream = streamed(f"{address}#m", seconds=0.5, context=4096)
        started = time.monotonic()
        with pytest.raises(LLMError, match=r"said nothing for 0\.5 s"):
            assert set(stream) <= {"", "Once"}
    assert time.monotonic() - started < 2.5
    assert len(requests) == 1


def test_a_stream_may_take_long_as_long_as_it_goes_on():
    with stalling_server(STREAM, event("x"), every=0.1) as (address, _):
        stream = streamed(f"{address}#m", seconds=0.5, context=4096)
        started = time.monotonic()
        while time.monotonic() - started < 1.5:
            assert next(stream) in {"", "x"}
        stream.close()


def test_the_limit_and_the_context_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("DATELINE_LLM_TIMEOUT", "0.5")
    monkeypatch.setenv("DATELINE_LLM_CONTEXT", "12345")
    assert LLMOptions.from_environment() == LLMOptions(0.5, 12345)
    with scripted_llm(["Hello."]) as server:
        assert open_llm(server.spec).metadata.context_window == 12345


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATELINE_LLM_TIMEOUT", "soon"),
        ("DATELINE_LLM_TIMEOUT", "0"),
        ("DATELINE_LLM_TIMEOUT", "nan"),
        ("DATELINE_LLM_CONTEXT", "100"),
        ("DATELINE_LLM_CONTEXT", "-4096"),
        ("DATELINE_LLM_CONTEXT", "inf"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(LLMError, match=rf"{variable} must be a number from .* Set it again\."):
        open_llm("ollama/llama3.2")


# What servers tell about themselves


@pytest.mark.parametrize(
    ("told", "context"),
    [
        ({"max_model_len": 32768}, 32768),  # vLLM
        ({"context_length": 131072}, 131072),  # OpenRouter
        ({"meta": {"n_ctx": 8192, "n_ctx_train": 131072}}, 8192),  # llama.cpp
        ({"meta": {"n_ctx_train": 131072}}, 4096),  # an older one: it may run with less
        ({"meta": {"n_ctx_train": 2048}}, 2048),
        ({"meta": None}, None),
        ({"max_model_len": "many"}, None),
        ({"max_model_len": -1}, None),
        ({"max_model_len": True}, None),
        ({}, None),
    ],
)
def test_the_context_is_what_the_server_says(told, context):
    body = json.dumps({"data": [{"id": "m", **told}, {"id": 5}, "x"]}).encode()
    with stalling_server(_document(body)) as (address, _):
        assert served_models(address) == (Served("m", context),)


@pytest.mark.parametrize(
    ("told", "context"),
    [
        ({"models": [{"name": "m", "context_length": 8192}, 7]}, 8192),  # as it runs now
        ({"parameters": 'stop "x"\nnum_ctx   16384'}, 16384),  # as it is set up
        ({"model_info": {"llama.context_length": 131072}}, 4096),  # what it could take at most
        ({"model_info": {"llama.context_length": 2048}}, 2048),
        ({"model_info": "large"}, 4096),
        ([], None),
    ],
)
def test_ollama_tells_what_it_gives_a_model(told, context):
    with stalling_server(_document(json.dumps(told).encode())) as (address, _):
        assert ollama_context_of(address, "m") == context


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        DOCUMENT + b"[" * 100_000,
        b"\x00\xff\r\n\r\n",
    ],
)
def test_a_server_that_tells_nothing_useful_is_none(answer):
    with stalling_server(answer) as (address, _):
        assert served_models(address) is None


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"data": 7}', b"<html>", b'"\xff"'])
def test_an_answer_of_another_form_is_none(body):
    with stalling_server(_document(body)) as (address, _):
        assert served_models(address) is None


def _document(body):
    length = b"Content-Length: %d\r\n" % len(body)
    return DOCUMENT.replace(b"\r\n\r\n", b"\r\n" + length + b"\r\n") + body
