"""What readers think of answers: kept as JSON lines in the collection's folder, never sent."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from index.errors import HomeError
from ui import text
from ui.turns import Turn

FILE = "feedback.jsonl"
LONGEST_NOTE = 2000  # characters
_LOCK = Lock()


def record(home: Path, turn: Turn, note: str = "") -> None:
    """Keep what was thought of a turn; a later line about the same one replaces it.

    Raises HomeError when the file cannot be written.
    """
    line = json.dumps(
        {
            "id": turn.identity,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rating": turn.rating,
            "note": text.clean(note)[:LONGEST_NOTE].strip(),
            "filters": asdict(turn.choices.filters),
            "answer": turn.answer.to_dict(),
        }
    )
    try:
        with _LOCK, (home / FILE).open("a", encoding="ascii") as file:
            file.write(line + "\n")
    except OSError as error:
        raise HomeError(
            f"The feedback cannot be kept in {home / FILE} ({error.strerror}): "
            "make the folder writable."
        ) from error


def gold(home: Path) -> str:
    """The answers that were called good, as lines of the gold format; "" when there are none.

    A good refusal becomes a question that the articles do not answer. What was called bad is left
    out: nobody has said what is right. Raises HomeError when the file cannot be read.
    """
    told: dict[str, dict[str, Any]] = {}
    for one in _entries(home / FILE):
        told[one["id"]] = one
    good = [one for one in told.values() if one["rating"] == "up"]
    return "".join(json.dumps(_pair(one)) + "\n" for one in good)


def _entries(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text("ascii", "replace").splitlines() if file.exists() else []
    except OSError as error:
        raise HomeError(
            f"The feedback in {file} cannot be read ({error.strerror}): check its permissions."
        ) from error
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:  # cut off by a crash
            continue
    return found


def _pair(one: dict[str, Any]) -> dict[str, Any]:
    answer = one["answer"]
    cited = answer["citations"]
    short = answer["short_answer"] or (cited[0]["quote"] if cited else None)
    return {
        "id": f"feedback-{one['id']}",
        "kind": "feedback",
        "question": answer["standalone"] or answer["question"],
        "answers": [short] if short else [],
        "all_answers": False,
        "evidence": [{"article": item["article"]["id"], "quote": item["quote"]} for item in cited],
    }
