"""The `dateline` command over a real home: what it prints, where, and the code it exits with."""

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.errors import LLMError
from tools.write_help import PAGE, help_page
from ui import cli, console
from ui.guards.password import Password

ARTICLES = {
    "wire.md": (
        "---\ntitle: At least 20,000 foreign fighters remain in Libya\npublisher: Harbour Wire\n"
        "published: 2020-12-03\nurl: https://harbourwire.example/fighters\n---\n"
        "There are at least 20,000 foreign fighters in Libya, the United Nations said.\n"
    ),
    "courier.md": (
        "---\ntitle: Cheese fair opens\npublisher: Eastbay Courier\n---\n"
        "The cheese fair opened on Monday with \x1b[31m400 kinds of cheese\x1b[0m on show.\n"
    ),
}
DATELINE = Path(sys.executable).with_name("dateline")


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def document(self):
        """The one JSON document on stdout."""
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path_factory):
    """No settings of this machine take part."""
    for name in [name for name in os.environ if name.startswith("DATELINE_")]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    return folder


@pytest.fixture
def run(monkeypatch, capsys):
    """Run `dateline` with arguments."""

    def run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["dateline", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ran(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def folder(tmp_path):
    """A folder of articles."""
    for name, words in ARTICLES.items():
        (tmp_path / "articles" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "articles" / name).write_text(words)
    return tmp_path / "articles"


@pytest.fixture
def home(run, folder, tmp_path):
    """A home that holds them."""
    assert run("ingest", folder, "--home", tmp_path / "home").code == 0
    return tmp_path / "home"


def test_ingest_counts_what_came_in_and_again_finds_it_unchanged(run, folder, tmp_path):
    assert run("ingest", folder, "--home", tmp_path / "home") == Ran(0, "2 added.\n", "")
    assert run("ingest", folder, "--home", tmp_path / "home") == Ran(0, "2 unchanged.\n", "")


def test_a_file_that_fails_is_named_with_its_reason_and_the_others_go_in(run, folder, tmp_path):
    (folder / "empty.txt").write_text("")
    ran = run("ingest", folder, "--home", tmp_path / "home")
    assert ran.code == 0
    assert ran.out == "2 added, 1 failed.\n"
    head, reason = ran.err.splitlines()
    assert head == "1 file could not be ingested:"
    assert "empty.txt" in reason


def test_ingest_fails_when_nothing_could_go_in(run, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    ran = run("ingest", tmp_path / "empty.txt", "--home", tmp_path / "home", "--json")
    assert ran.code == 1
    assert [len(sources) for sources in ran.document.values()] == [0, 0, 0, 0, 1]


def test_ask_answers_with_the_quote_its_outlet_date_and_address(run, home):
    ran = run("ask", "How many foreign fighters are in Libya?", "--home", home)
    assert ran.code == 0
    assert "20,000" in ran.out.splitlines()[0]
    assert "Harbour Wire, 3 December 2020" in ran.out
    assert "https://harbourwire.example/fighters" in ran.out
    assert ran.err == ""


def test_ask_prints_one_json_document_whose_quotes_are_the_articles_words(run, home):
    ran = run("ask", "How many foreign fighters are in Libya?", "--home", home, "--json")
    assert ran.document["answered"] is True
    body = ARTICLES["wire.md"].split("---\n")[2]
    for citation in ran.document["citations"]:
        assert citation["quote"] in body
        assert f"[{citation['number']}]" in ran.document["text"]


def test_a_refusal_is_an_answer_and_says_what_the_collection_covers(run, home):
    ran = run("ask", "Who won the chess final in Oslo?", "--home", home)
    assert ran.code == 0
    assert "The collection holds 2 articles from 2 outlets, 3 December 2020." in ran.out
    assert "[1]" not in ran.out


def test_escape_sequences_of_an_article_never_reach_the_terminal(run, home):
    for question in ("How many kinds of cheese were on show?", "\x1b]0;x\x07 Who won in Oslo?"):
        for extra in ((), ("--json",)):
            ran = run("ask", question, "--home", home, *extra)
            assert ran.code == 0
            assert "\x1b" not in ran.out + ran.err
            assert "\x07" not in ran.out + ran.err


def test_json_is_pure_ascii_so_that_no_terminal_acts_on_it(capsys):
    console.say_json({"words": "\x9b2J é"})
    assert capsys.readouterr().out == '{\n  "words": "\\u009b2J \\u00e9"\n}\n'


def test_a_question_is_read_from_stdin(run, home):
    asked = run("ask", "-", "--home", home, "--json", stdin="Who won? \xff".encode("latin-1"))
    assert asked.document["question"] == "Who won? \ufffd"


def test_filters_reach_the_engine(run, home):
    question = ("ask", "How many foreign fighters are in Libya?", "--home", home, "--json")
    assert run(*question, "--publisher", "Eastbay Courier").document["answered"] is False
    assert run(*question, "--from", "2020-12-04").document["answered"] is False
    assert run(*question, "--to", "2020-12-02").document["answered"] is False
    kept = ("--publisher", "Harbour Wire", "--from", "2020-12-03", "--to", "2020-12-03")
    assert run(*question, *kept).document["answered"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "tomorrow"), "a date looks like 2020-12-31"),
        (("--to", "2020-13-01"), "a date looks like 2020-12-31"),
        (("--from", "2021-01-01", "--to", "2020-01-01"), "--from is later than --to"),
        (("--colour",), "No such option: --colour"),
    ],
)
def test_wrong_usage_exits_with_2(run, home, arguments, said):
    ran = run("ask", "Who?", "--home", home, *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err


@pytest.mark.parametrize(
    "question", ["", "   ", "?!…", "x" * 100_000, "\x00\x1b"], ids=lambda words: repr(words[:5])
)
def test_a_question_that_cannot_be_asked_is_one_line(run, home, question):
    ran = run("ask", question, "--home", home, "--json")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: The question ")
    assert ran.err.count("\n") == 1


def test_a_model_that_cannot_be_used_is_one_line(run, home):
    ran = run("ask", "Who?", "--home", home, "--llm", "nobody/nothing")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1


def test_articles_are_listed_and_removed_by_id(run, home):
    listed = run("articles", "--home", home, "--json").document
    assert {row["title"] for row in listed} == {
        "At least 20,000 foreign fighters remain in Libya",
        "Cheese fair opens",
    }
    assert set(listed[0]) == {
        *("id", "revision", "source", "title", "publisher", "author", "published", "url"),
        *("chunks", "characters", "added_at", "gone"),
    }
    wire = next(row for row in listed if row["publisher"] == "Harbour Wire")
    table = run("articles", "--home", home).out
    assert f"{wire['id']}   2020-12-03   Harbour Wire" in table
    assert run("remove", wire["id"], "--home", home) == Ran(0, "1 article removed.\n", "")
    assert len(run("articles", "--home", home, "--json").document) == 1


def test_removing_an_unknown_id_says_so(run, home):
    ran = run("remove", "nobody", "--home", home)
    assert ran.code == 1
    assert ran.err == "error: there is no article nobody; `dateline articles` lists the ids\n"


def test_status_and_repair_tell_what_is_there(run, home):
    shown = run("status", "--home", home)
    assert shown.out.startswith("The collection holds 2 articles from 2 outlets")
    assert shown.err == ""
    document = run("status", "--home", home, "--json").document
    assert (document["articles"], document["agree"]) == (2, True)
    assert document["coverage"]["publishers"] == ["Eastbay Courier", "Harbour Wire"]
    repaired = run("repair", "--home", home)
    assert repaired == Ran(0, "2 chunks of 2 articles indexed anew.\n", "")


def test_the_home_may_be_named_before_the_command_or_in_the_environment(run, home, monkeypatch):
    assert run("--home", home, "status", "--json").document["articles"] == 2
    monkeypatch.setenv("DATELINE_HOME", str(home))
    assert run("status", "--json").document["articles"] == 2
    elsewhere = home.parent / "elsewhere"
    assert run("--home", home, "status", "--home", elsewhere, "--json").document["articles"] == 0


def test_the_settings_file_is_used_and_a_command_line_value_wins(run, home, alone):
    settings = alone / "config" / "dateline" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'home = "{home}"\n')
    assert run("status", "--json").document["path"] == str(home)
    assert run("status", "--json", "--home", alone / "x").document["path"] == str(alone / "x")


@pytest.mark.parametrize("kind", ["reader", "reranker"])
def test_the_settings_name_the_reader_and_the_reranker(run, home, alone, monkeypatch, kind):
    monkeypatch.setenv(f"DATELINE_{kind.upper()}", "bert")
    refused = run("ask", "Who?", "--home", home)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(f"error: Unknown {kind} 'bert'. Use 'trained', ")
    monkeypatch.delenv(f"DATELINE_{kind.upper()}")
    settings = alone / "config" / "dateline" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'{kind} = "bert"\n')
    assert run("ask", "Who?", "--home", home).err == refused.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('colour = "red"\n', "holds an unknown key, colour."),
        ("home = 3\n", "The setting home is wrong: "),
        ('home = ""\n', "The setting home is wrong: must not be empty"),
        ("home = \n", "cannot be read: Invalid value"),
        (b"\xff\xfe", "cannot be read: "),
    ],
)
def test_a_wrong_settings_file_is_one_line(run, alone, content, said):
    settings = alone / "config" / "dateline" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = run("status")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: ")
    assert said in ran.err
    assert str(settings) in ran.err
    assert ran.err.count("\n") == 1


def test_an_empty_home_name_is_not_the_current_folder(run):
    assert "must not be empty" in run("status", "--home", "").err


@pytest.fixture
def served(monkeypatch):
    """What `dateline serve` would serve: (home's status, host, port, password) each time."""
    from ui import server

    calls = []
    monkeypatch.setattr(server, "serve", lambda engine, *at: calls.append((engine.status(), *at)))
    return calls


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_serving_to_other_machines_needs_a_password(run, served, monkeypatch, tmp_path, host):
    ran = run("serve", "--host", host, "--home", tmp_path / "home")
    assert ran.code == 1
    assert ran.err == (
        f"error: Serving on {host} needs a password: set DATELINE_AUTH to USER:PASSWORD, "
        "or use --host 127.0.0.1.\n"
    )
    monkeypatch.setenv("DATELINE_AUTH", "ann:a:b")
    assert run("serve", "--host", host, "--home", tmp_path / "home").code == 0
    [(_, *at)] = served
    assert at == [host, 7860, Password("ann", "a:b")]


def test_a_password_may_stand_in_the_settings_or_the_command(run, served, alone, tmp_path):
    settings = alone / "config" / "dateline" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('auth = "ann:kept"\n')
    settings.chmod(0o644)
    assert "holds secrets and is open to others." in run("serve", "--home", tmp_path / "home").err
    settings.chmod(0o600)
    assert run("serve", "--home", tmp_path / "home").err == ""
    ran = run("serve", "--home", tmp_path / "home", "--auth", "bob:told")
    assert ran.err == "Others on this machine can see a password that stands in a command.\n"
    assert [at[-1] for at in served] == [Password("ann", "kept"), Password("bob", "told")]


@pytest.mark.parametrize("pair", ["", "secret", "ann:", ":secret"])
def test_a_password_of_another_form_serves_nothing_and_is_not_repeated(run, served, pair):
    ran = run("serve", "--auth", pair)
    assert ran.code == 1
    assert "error: The password is not in the form USER:PASSWORD." in ran.err
    assert "secret" not in ran.err
    assert served == []


def test_serve_fills_an_empty_home_with_the_samples_once(run, folder, tmp_path, served):
    told = [run("serve", "--samples", folder, "--home", tmp_path / "home") for _ in range(2)]
    assert [(state.articles, *at) for state, *at in served] == [(2, "127.0.0.1", 7860, None)] * 2
    assert [ran.out for ran in told] == ["2 added.\n", ""]


def test_ctrl_c_is_one_line_and_exits_with_130(run, home, monkeypatch):
    from rag.engine import QueryEngine

    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(QueryEngine, "stream", interrupted)
    assert run("ask", "Who?", "--home", home) == Ran(130, "", "interrupted\n")


def test_an_error_message_is_cleaned_of_control_characters(run, home, monkeypatch):
    from rag.engine import QueryEngine

    def failing(*_args, **_options):
        raise LLMError("The model said \x1b[31mno\nand left.")

    monkeypatch.setattr(QueryEngine, "stream", failing)
    assert run("ask", "Who?", "--home", home).err == "error: The model said ·[31mno and left.\n"


def test_a_bug_is_not_hidden(run, home, monkeypatch):
    from rag.engine import QueryEngine

    def broken(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(QueryEngine, "stream", broken)
    with pytest.raises(ZeroDivisionError):
        run("ask", "Who?", "--home", home)


@pytest.mark.parametrize("arguments", [("--help",), ("status",), ("status", "--json")])
def test_a_reader_that_has_left_is_no_traceback(arguments, home):
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as gone:
        ran = subprocess.run(
            [DATELINE, "--home", home, *arguments],
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (1, "")


def test_letters_that_the_terminal_lacks_do_not_stop_the_output(home):
    ran = subprocess.run(
        [DATELINE, "ask", "How many foreign fighters are in Libya?", "--home", home],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Harbour Wire, 3 December 2020" in ran.stdout


def test_an_interrupt_from_outside_leaves_no_traceback(tmp_path):
    reading = [DATELINE, "ask", "-", "--home", tmp_path / "home"]
    with subprocess.Popen(
        reading, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        # One byte more than the pipe holds: when it is written, the command is reading.
        process.stdin.write("x" * 70_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        assert process.stderr.read() == "interrupted\n"
    assert process.returncode == 130


def test_help_loads_nothing_heavy():
    code = (
        "import sys, ui.cli\n"
        "heavy = {'gradio', 'chromadb', 'llama_index', 'numpy', 'pydantic', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_version_is_the_distributions(run):
    assert run("--version").out == "dateline 0.1.0\n"


def test_the_help_page_is_current():
    assert PAGE.read_text("utf-8") == help_page(), "run: python -m tools.write_help"


INTERRUPTED = """
import os, signal, sys
from ui import cli
from rag.engine import QueryEngine
from index.records import IngestReport

def ingest(self, paths, on_progress=None, fields=None, *, stop, **options):
    os.kill(os.getpid(), signal.SIGINT)
    if sys.argv[-1] == "twice":
        os.kill(os.getpid(), signal.SIGINT)
    assert stop()
    return IngestReport(added=("a.txt",))

QueryEngine.ingest = ingest
cli.main()
"""


@pytest.mark.parametrize("times", ["once", "twice"])
def test_ctrl_c_finishes_the_article_and_a_second_one_stops_at_once(tmp_path, times):
    command = [sys.executable, "-c", INTERRUPTED, "ingest", "--home", str(tmp_path / "home"), times]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 130
    first, last = ran.stderr.splitlines()
    assert first == "Finishing the current article; Ctrl-C again stops at once."
    if times == "once":
        assert ran.stdout == "1 added.\n"
        assert last == "Stopped. What is in stays in; go on with: dateline ingest once"
    else:
        assert (ran.stdout, last) == ("", "interrupted")
