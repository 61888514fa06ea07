"""`dateline llms`, and where keys may be kept."""

import json
import os

import pytest

from index.errors import LLMError, UsageError
from rag.llms import survey
from rag.llms.open import open_llm
from rag.llms.options import LLMOptions
from tests.scripted_llm import scripted_llm
from tests.stalling import DOCUMENT, stalling_server
from tests.test_cli import alone, run  # noqa: F401  # fixtures
from ui.settings import load_settings, settings_file

SECRET = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def nothing_there(monkeypatch, alone):  # noqa: F811
    """No key and no server of this machine takes part."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in survey.LOCAL:
        monkeypatch.setitem(survey.LOCAL, name, "http://127.0.0.1:9/v1")


@pytest.fixture
def settings():
    """Write the settings file."""

    def write(text, mode=0o600):
        settings_file().parent.mkdir(parents=True, exist_ok=True)
        settings_file().write_text(text)
        settings_file().chmod(mode)

    return write


def serving(*names):
    body = json.dumps({"data": [{"id": name} for name in names]}).encode()
    return stalling_server(
        DOCUMENT.replace(b"\r\n\r\n", b"\r\nContent-Length: %d\r\n\r\n" % len(body)) + body
    )


# dateline llms


def test_without_anything_answers_quote_and_everything_says_what_is_missing(run):  # noqa: F811
    ran = run("llms")
    assert ran.code == 0
    assert "Configured: extractive (answers quote), from the default" in ran.out
    assert "pip install 'dateline[anthropic]'" in ran.out
    assert "none: set GOOGLE_API_KEY" in ran.out
    assert ran.out.count("does not answer") == 4


def test_local_servers_tell_their_models(run, monkeypatch):  # noqa: F811
    names = [f"model-{number}" for number in range(8)]
    with serving("llama3.2:latest", "evil\x1b[31m") as (one, _), serving(*names) as (other, _):
        monkeypatch.setitem(survey.LOCAL, "Ollama", one)
        monkeypatch.setitem(survey.LOCAL, "vLLM", other)
        ran = run("llms")
        told = run("llms", "--json").document
    assert "llama3.2:latest, evil" in ran.out
    assert "model-5 and 2 others" in ran.out
    assert "\x1b" not in ran.out
    models = {each["name"]: each["models"] for each in told["servers"]}
    assert models["vLLM"] == names
    assert models["LM Studio"] is None


def test_the_configured_model_is_told_with_its_origin(run, monkeypatch, settings):  # noqa: F811
    with serving("llama3.2:latest") as (address, _):
        spec = f"{address}#llama3.2"
        settings(f'llm = "{spec}"')
        told = run("llms", "--json").document
        assert (told["llm"], told["from"]) == (spec, str(settings_file()))
        assert told["problem"] is None
        monkeypatch.setenv("DATELINE_LLM", "ollama/x")
        assert run("llms", "--json").document["from"] == "DATELINE_LLM"
        assert run("llms", "--json", "--llm", spec).document["from"] == "--llm"


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("http://127.0.0.1:9/v1#m", "http://127.0.0.1:9/v1 does not answer. Start its server"),
        ("openai/gpt-4o", "openai/gpt-4o needs a key. Set OPENAI_API_KEY."),
        ("anthropic/claude-x", "anthropic/claude-x needs a key. Set ANTHROPIC_API_KEY."),
        ("mistral/large", "'mistral/large' names no language model."),
    ],
)
def test_a_configured_model_that_cannot_be_used_is_a_failure(run, spec, problem):  # noqa: F811
    ran = run("llms", "--llm", spec)
    assert ran.code == 1
    assert ran.err.startswith(f"error: {problem}")
    assert "local server" in ran.out
    assert run("llms", "--json", "--llm", spec).document["problem"].startswith(problem)


def test_a_server_without_the_model_says_what_it_has():
    with serving("a", "b") as (address, _):
        found = survey.survey(f"{address}#c", LLMOptions())
    assert found.problem == f"{address} has no model c. It has: a, b"


def test_no_key_is_shown(run, monkeypatch, settings):  # noqa: F811
    settings(f'[keys]\nanthropic = "{SECRET}2"')
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    ran, told = run("llms", "--llm", "openai/gpt-4o"), run("llms", "--json")
    assert ran.code == 0
    assert SECRET not in ran.out + ran.err + told.out + told.err
    assert "from OPENAI_API_KEY" in ran.out
    keys = {each["name"]: each["key"] for each in told.document["providers"]}
    assert keys == {"openai": "OPENAI_API_KEY", "anthropic": "the settings file", "google": None}


# Keys


def test_a_key_from_the_settings_file_is_sent_and_the_environments_goes_first(
    monkeypatch, settings
):
    settings(f'[keys]\nopenai = "{SECRET}"')
    with scripted_llm(["Hello."]) as server:
        open_llm(server.spec, load_settings().llm_options()).complete("Hi")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
        open_llm(server.spec, load_settings().llm_options()).complete("Hi")
    assert [each["key"] for each in server.requests] == [
        f"Bearer {SECRET}",
        "Bearer sk-of-the-environment",
    ]


def test_settings_and_options_do_not_show_their_keys(settings):
    settings(f'[keys]\nopenai = "{SECRET}"')
    loaded = load_settings()
    assert loaded.llm_options().key("openai") == SECRET
    assert SECRET not in repr(loaded) + repr(loaded.llm_options()) + loaded.model_dump_json()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's; run on Linux or macOS")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_with_keys_that_is_open_to_others_is_refused(settings, mode):
    settings(f'[keys]\nopenai = "{SECRET}"', mode)
    with pytest.raises(UsageError) as refused:
        load_settings()
    assert str(refused.value) == (
        f"{settings_file()} holds secrets and is open to others. Run: chmod 600 {settings_file()}"
    )


def test_a_file_without_keys_may_be_open_to_others(settings):
    settings("llm_timeout = 30\nllm_context = 8192", 0o644)
    options = load_settings().llm_options()
    assert (options.seconds, options.context) == (30.0, 8192)


@pytest.mark.parametrize(
    "text",
    [
        f'[keys]\nopenai = ["{SECRET}"]',
        f'[keys]\nopenia = "{SECRET}"',
        f'keys = "{SECRET}"',
        f'[keys]\nopenai = "{SECRET}',
    ],
)
def test_keys_that_are_written_wrongly_are_one_line_without_them(settings, text):
    settings(text)
    with pytest.raises(UsageError) as refused:
        load_settings()
    assert "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_keys_in_one_variable_are_refused_without_being_repeated(monkeypatch):
    monkeypatch.setenv("DATELINE_KEYS", SECRET)
    with pytest.raises(UsageError, match="Put keys into") as refused:
        load_settings()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("value", ["0", "soon", "1e9"])
def test_a_time_limit_that_makes_no_sense_is_refused(monkeypatch, value):
    monkeypatch.setenv("DATELINE_LLM_TIMEOUT", value)
    with pytest.raises(UsageError, match="llm_timeout"):
        load_settings()


# Providers with a package of their own


@pytest.mark.parametrize("provider", ["anthropic", "google"])
def test_a_provider_that_is_not_installed_names_its_extra(monkeypatch, provider):
    monkeypatch.setitem(__import__("sys").modules, f"llama_index.llms.{provider}", None)
    monkeypatch.setitem(__import__("sys").modules, "llama_index.llms.google_genai", None)
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", SECRET)
    with pytest.raises(LLMError) as refused:
        open_llm(f"{provider}/model-1")
    assert str(refused.value) == (
        f"{provider}/model-1 needs an extra. Install it: pip install 'dateline[{provider}]'"
    )


@pytest.mark.parametrize("provider", ["anthropic", "google"])
def test_a_provider_needs_its_own_key(monkeypatch, provider):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with pytest.raises(LLMError, match=f"needs a key. Set {provider.upper()}_API_KEY"):
        open_llm(f"{provider}/model-1")
