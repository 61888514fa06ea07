"""What the tests of the evaluation share: a gold file, and the command over a scripted engine."""

import json
import sys

import pytest

from ui import cli


def gold_file(folder, questions):
    """A gold file of the questions."""
    path = folder / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, questions)))
    return path


def eval_command(monkeypatch, capsys, engine):
    """A function that runs `dateline eval` over the engine: exit code, stdout, stderr."""
    monkeypatch.setattr("ui.commands.evaluate.open_engine", lambda *_: engine)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["dateline", "eval", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, *capsys.readouterr()

    return run
