"""Read gold, questions with accepted answers and the words that carry them, from one file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from index.errors import UsageError
from rag.evaluation.formats import parse
from rag.evaluation.items import GoldItem


@dataclass(frozen=True, slots=True)
class Gold:
    """The questions of a file in order, ids unique; `problems` names in one line each what could
    not be used. `digest` recognises the same file content.
    """

    items: tuple[GoldItem, ...]
    problems: tuple[str, ...]
    digest: str


def read_gold(path: str | Path) -> Gold:
    """Read JSON lines of the gold format, SQuAD 2.0 JSON, or CSV with question and answer columns.

    Raises UsageError when the file cannot be read or holds no usable question.
    """
    path = Path(path)
    content = _read(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8 (byte {error.start + 1:,}). Save it as UTF-8."
        ) from None
    items: dict[str, GoldItem] = {}
    places: dict[str, str] = {}
    problems: list[str] = []
    for place, found in parse(text, table=path.suffix.lower() in {".csv", ".tsv"}):
        if isinstance(found, str):
            problems.append(f"{place}: {found}")
        elif found.id in items:
            problems.append(
                f"{place}: the id {found.id!r} is taken by {places[found.id]}; give it its own"
            )
        else:
            items[found.id] = found
            places[found.id] = place
    if not items:
        why = f": {problems[0]}" if problems else ", the file is empty"
        raise UsageError(f"{path} holds no question to ask{why}.")
    return Gold(tuple(items.values()), tuple(problems), hashlib.sha256(content).hexdigest()[:16])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"There is no gold file {path}. Give the path of one.") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"The gold file {path} cannot be read: {why}.") from None
