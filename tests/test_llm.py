"""Opening a language model from its spec, and what its failures say; over a real local server."""

import subprocess
import sys

import pytest

from index.errors import LLMError
from rag.llms.failure import llm_failure
from rag.llms.open import _PROVIDERS, Endpoint, open_llm, parse_spec
from rag.llms.usage import Usage, usage_of
from tests.scripted_llm import scripted_llm

SECRET = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def metered(monkeypatch):
    """Open a spec, without pauses between tries."""
    from rag.llms.metered import MeteredLLM

    monkeypatch.setattr("openai._base_client.BaseClient._calculate_retry_timeout", lambda *_: 0.0)
    return lambda spec: MeteredLLM(open_llm(spec), spec)


@pytest.mark.parametrize(
    ("spec", "endpoint"),
    [
        ("openai/gpt-4o-mini", ("openai", "https://api.openai.com/v1", "gpt-4o-mini")),
        ("ollama/llama3.2:3b", ("ollama", "http://127.0.0.1:11434/v1", "llama3.2:3b")),
        (" ollama/hf.co/a/b ", ("ollama", "http://127.0.0.1:11434/v1", "hf.co/a/b")),
        ("http://[::1]:8080/v1#a/b:c", (None, "http://[::1]:8080/v1", "a/b:c")),
        ("HTTPS://llm.example/v1#m", (None, "HTTPS://llm.example/v1", "m")),
    ],
)
def test_a_spec_names_an_address_and_a_model(spec, endpoint):
    assert parse_spec(spec) == Endpoint(*endpoint)


@pytest.mark.parametrize(
    ("spec", "remedy"),
    [
        ("", "Write openai/MODEL"),
        ("extractive", "Write openai/MODEL"),
        ("gpt-4o", "Write openai/MODEL"),
        ("mistral/large", "Write openai/MODEL"),
        ("openai/", "Write openai/MODEL"),
        ("openai/ ", "Write openai/MODEL"),
        ("http://localhost:8080/v1", "Write its name: http://localhost:8080/v1#MODEL"),
        ("http://localhost:8080/v1#", "Write its name: http://localhost:8080/v1#MODEL"),
        ("http://#m", "Write http://host:port/v1#MODEL"),
        ("http://host:port/v1#m", "Write http://host:port/v1#MODEL"),
        ("http://[::1/v1#m", "Write http://host:port/v1#MODEL"),
        (f"http://me:{SECRET}@host:port/v1#m", "Write http://host:port/v1#MODEL"),
        (f"http://me:{SECRET}@host/v1#m", "Leave it out and set OPENAI_API_KEY"),
        (f"http://host/v1?key={SECRET}#m", "Leave it out and set OPENAI_API_KEY"),
    ],
)
def test_a_spec_that_names_no_model_is_refused_with_the_remedy(spec, remedy):
    with pytest.raises(LLMError) as refused:
        open_llm(spec)
    assert remedy in str(refused.value)
    assert "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_openai_needs_a_key_and_a_key_is_plain(monkeypatch):
    with pytest.raises(LLMError, match=r"openai/gpt-4o needs a key. Set OPENAI_API_KEY\."):
        open_llm("openai/gpt-4o")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-\u2026")
    with pytest.raises(LLMError, match="Set it again") as refused:
        open_llm("openai/gpt-4o")
    assert "sk-" not in str(refused.value)


def test_a_model_that_does_not_chat_is_refused(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with pytest.raises(LLMError, match=r"'gpt-5.4-pro' cannot be used: .* Choose another one\."):
        open_llm("openai/gpt-5.4-pro")


def test_the_key_goes_to_the_named_server_and_stands_nowhere_else(monkeypatch, metered):
    monkeypatch.setenv("OPENAI_API_KEY", f" {SECRET}\n")
    with scripted_llm(["Hello."]) as server:
        model = open_llm(server.spec)
        assert str(model.complete("Hi")) == "Hello."
        assert server.requests[0]["key"] == f"Bearer {SECRET}"
        assert server.requests[0]["path"] == "/v1/chat/completions"
        assert (server.requests[0]["model"], server.requests[0]["temperature"]) == ("judge-1", 0.0)
    assert SECRET not in repr(model) + str(model.to_payload()) + model.model_dump_json()


def test_ollama_is_not_sent_the_key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with scripted_llm(["Hello."]) as server:
        monkeypatch.setitem(_PROVIDERS, "ollama", f"{server.address}/v1")
        open_llm("ollama/llama3.2").complete("Hi")
        assert SECRET not in server.requests[0]["key"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((401, {"error": {"message": f"Wrong key {SECRET}"}}), "Set OPENAI_API_KEY to one"),
        ((403, {}), "Set OPENAI_API_KEY to one"),
        ((404, {"error": {"message": "no such model"}}), "Check the model's name"),
        ((429, {"error": {"message": "Slow\ndown."}}), "no more requests (Slow down.). Wait"),
        ((500, {"error": {"message": f"Out of memory, {SECRET}"}}), "failed (Out of memory, …)."),
        ((500, {"error": {"message": "x" * 5000}}), "xxx …). Try again"),
        ((400, b"<html>Bad gateway</html>"), "Try again, or check its server."),
        ((200, {"error": {"message": "no credit"}}), "in another form than OpenAI's API"),
        ((200, {"choices": []}), "in another form than OpenAI's API"),
        ((200, b"<html>A login page</html>"), "in another form than OpenAI's API"),
        ((200, {"choices": [{"index": 0, "message": None}]}), "in another form than OpenAI's API"),
    ],
)
def test_every_failure_is_one_line_with_its_remedy_and_without_the_key(
    metered, monkeypatch, answer, told
):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with scripted_llm([answer]) as server, pytest.raises(LLMError) as failed:
        metered(server.spec).complete("Hi")
    said = str(failed.value)
    assert said.startswith(f"The language model {server.spec} ")
    assert told in said
    assert "\n" not in said
    assert SECRET not in said
    assert len(said) < 400


def test_a_server_that_is_not_there_is_one_line(metered):
    with scripted_llm() as server:
        pass
    with pytest.raises(LLMError, match=r"cannot be reached\. Start its server, or check"):
        metered(server.spec).chat([])


def test_a_failure_that_passes_is_tried_again(metered):
    with scripted_llm([(503, {}), (429, {}), "Hello."]) as server:
        assert str(metered(server.spec).complete("Hi")) == "Hello."
    assert len(server.requests) == 3


def test_an_unknown_failure_is_named_by_its_type():
    said = str(llm_failure("m", RuntimeError("left\nus")))
    assert said == "The language model m failed (RuntimeError: left us). Try again."


# What is used up


@pytest.mark.parametrize(
    ("raw", "usage"),
    [
        ({"usage": {"prompt_tokens": 9, "completion_tokens": 2}}, Usage(9, 2)),
        ({"usage": {"prompt_tokens": 9, "completion_tokens": 2, "cost": 5e-5}}, Usage(9, 2, 5e-5)),
        ({"usage": {"input_tokens": 9, "output_tokens": 2}}, Usage(9, 2)),
        ({"usage_metadata": {"prompt_token_count": 9, "candidates_token_count": 2}}, Usage(9, 2)),
        ({"prompt_eval_count": 9, "eval_count": 2}, Usage(9, 2)),
        ({"usage": {"prompt_tokens": "9", "completion_tokens": None, "cost": True}}, Usage()),
        ({"usage": {"prompt_tokens": -1, "cost": float("nan")}}, Usage()),
        ({"usage": {"prompt_tokens": 10**400}}, Usage()),
        ({"usage": None}, Usage()),
        ({"usage": "many"}, Usage()),
        (None, Usage()),
    ],
)
def test_usage_is_what_the_provider_tells(raw, usage):
    assert usage_of(raw) == usage


def test_usage_adds_up_and_the_unknown_stays_unknown():
    assert Usage(1, 2) + Usage(3, None) == Usage(4, 2, None)
    assert Usage() + Usage() == Usage()


def test_tokens_and_cost_of_a_real_response_are_counted(metered):
    told = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15, "cost": 0.25}
    with scripted_llm(["Hello."], told) as server:
        model = metered(server.spec)
        model.complete("Hi")
        model.complete("Hi")
    assert model.take_usage() == Usage(24, 6, 0.5)
    assert model.take_usage() == Usage()


def test_nothing_is_made_up_where_a_server_tells_nothing(metered):
    with scripted_llm(["Hello."], usage=None) as server:
        model = metered(server.spec)
        model.complete("Hi")
    assert model.take_usage() == Usage()


def test_a_spec_is_read_and_the_evaluation_imported_without_llamaindex():
    code = (
        "import sys, ui.cli, rag.evaluate\n"
        "from rag.llms.open import parse_spec; parse_spec('openai/gpt-4o')\n"
        "print(sorted({'llama_index', 'llama_index.core', 'openai'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
