"""Every example in docs/api.md works as it stands, against a real server."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.serving import site_serving
from ui.doors.desk import Desk

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|python|json)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:7860"
CURLS = [code for kind, code in BLOCKS if kind == "sh" and code.startswith("curl")]
SCRIPTS = [code for kind, code in BLOCKS if kind == "python"]


@pytest.fixture(scope="module")
def address(samples):
    with site_serving(Desk(samples)) as address:
        yield address


def output(command, code, address):
    done = subprocess.run(
        [*command, code.replace(ADDRESS, address)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl: apt-get install curl")
def test_curl_gets_a_cited_answer_passages_and_a_stream(address):
    answer, found, stream = (output(["sh", "-c"], code, address) for code in CURLS)
    cited = json.loads(answer)["citations"]
    assert cited
    assert {each["article"]["publisher"] for each in cited} == {"Harbour Wire"}
    assert len(json.loads(found)["passages"]) == 3
    assert re.findall("^event: (.*)$", stream, re.MULTILINE)[-1] == "answer"


def test_the_scripts_print_a_cited_answer_and_an_article(address, samples):
    completion, page = (output([sys.executable, "-c"], code, address) for code in SCRIPTS)
    question = "How many foreign fighters did the UN estimate?"
    answer = samples.ask(question)
    assert completion.startswith(answer.text + "\n\nSources:\n\n[1] ")
    assert completion.endswith(f"\n{answer.citations[0].quote}\n")
    best = samples.retrieve("foreign fighters", 1)[0]
    assert page.startswith(best.text[:200])


def test_the_settings_of_an_assistant_start_a_command_that_there_is():
    [settings] = [code for kind, code in BLOCKS if kind == "json"]
    server = json.loads(settings)["mcpServers"]["dateline"]
    shown = subprocess.run(
        [sys.executable, "-c", "from ui.cli import main; main()", *server["args"], "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "MCP over stdio" in shown.stdout
