"""Evaluations and gold files kept in the home, so that a later run can be compared with them."""

import json
import re
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import UsageError
from rag.evaluate import Comparison, Evaluation
from ui.report import PAGE, RESULTS, SUMMARY, write_report
from ui.report_words import value_words
from ui.summary import headline

DOWNLOADS = {PAGE: "text/html", SUMMARY: "text/markdown", RESULTS: "application/json"}
SAMPLES = "samples/gold.jsonl"
_FOLDER, _GOLD, _ABOUT = "evaluations", "gold", "about.json"
_NAME = re.compile(r"[0-9]{8}-[0-9]{6}(?:-[0-9]{2})?")
_MOST_A_SECOND = 99
_SAMPLES = Path(__file__).parents[1] / SAMPLES  # only where the repository is


@dataclass(frozen=True, slots=True)
class Kept:
    """A run that is kept: its name, which tells when it was made, and what it was of.

    The name is the time in UTC, with a number behind it where a second has several runs.
    """

    name: str
    gold: str
    llm: str
    told: str


def runs_folder(home: Path) -> Path:
    """Where a home keeps evaluations."""
    return home / _FOLDER


def keep_run(
    home: Path, evaluation: Evaluation, comparison: Comparison | None, llm: str | None
) -> Kept:
    """Write the report of a run into the home. Raises UsageError."""
    folder = _new_folder(runs_folder(home), evaluation.made_at)
    right = value_words(evaluation.figures["correct"])
    told = f"{headline(evaluation)}; right in all: {right}"
    kept = Kept(folder.name, evaluation.gold, llm or "quotes", told)
    write_report(folder, evaluation, comparison)
    (folder / _ABOUT).write_text(json.dumps(asdict(kept)), encoding="utf-8")
    return kept


def _new_folder(runs: Path, made_at: str) -> Path:
    """A folder that no other run has."""
    digits = re.sub(r"\D", "", made_at[:19])
    name = f"{digits[:8]}-{digits[8:]}"
    try:
        for number in range(1, _MOST_A_SECOND + 1):
            folder = runs / (name if number == 1 else f"{name}-{number:02}")
            with suppress(FileExistsError):
                folder.mkdir(parents=True)
                return folder
    except OSError as error:
        raise UsageError(
            f"The run cannot be kept in {runs} ({error.strerror}). Check its permissions."
        ) from error
    raise UsageError("Too many runs ended in one second. Run it again.")


def kept_runs(home: Path) -> list[Kept]:
    """The runs that are kept, newest first; a damaged one is left out."""
    found = []
    for file in runs_folder(home).glob(f"*/{_ABOUT}"):
        with suppress(OSError, ValueError, TypeError):
            kept = Kept(**json.loads(file.read_text("utf-8")))
            if kept.name == file.parent.name and _NAME.fullmatch(kept.name):
                found.append(kept)
    return sorted(found, key=lambda kept: kept.name, reverse=True)


def run_file(home: Path, run: str, name: str) -> Path | None:
    """A file of a run; None for a name that is none, or that is not there."""
    if not _NAME.fullmatch(run) or name not in DOWNLOADS:
        return None
    file = runs_folder(home) / run / name
    return file if file.is_file() else None


def results_of(home: Path, run: str) -> dict[str, Any]:
    """The results of a run in plain JSON types. Raises UsageError."""
    file = run_file(home, run, RESULTS)
    try:
        found = json.loads(file.read_text("utf-8")) if file else None
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise UsageError("This run is not there any more. Choose another.")
    return found


def gold_files(home: Path) -> dict[str, Path]:
    """The gold files to choose from, by name: the samples and those that were handed over."""
    given = sorted((runs_folder(home) / _GOLD).glob("*"))
    found = {SAMPLES: _SAMPLES} if _SAMPLES.is_file() else {}
    return found | {file.name: file for file in given if file.is_file()}


def keep_gold(home: Path, given: Path) -> str:
    """Keep a gold file that was handed over; gives its name. Raises UsageError when it is none."""
    from rag.evaluation.gold import read_gold

    read_gold(given)
    folder = runs_folder(home) / _GOLD
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(given, folder / given.name)
    except OSError as error:
        raise UsageError(
            f"The file cannot be kept in {folder} ({error.strerror}). Check its permissions."
        ) from error
    return given.name
