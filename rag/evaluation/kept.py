"""Outcomes kept on disk while questions are asked, so that an interrupted run can go on."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from index.errors import UsageError
from rag.evaluation.ask import Outcome
from rag.evaluation.judged import Judgement

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_CODE = Path(__file__).parents[2]  # the folder of the packages index and rag


def run_key(gold_digest: str, engine: "QueryEngine", settings: Mapping[str, str | None]) -> str:
    """What decides the outcomes: the gold file, the articles of the home at their revisions, the
    settings and this program itself. Outcomes are used again only under the same key.
    """
    home = sorted([row.id, row.revision, row.added_at] for row in engine.articles())
    told = json.dumps([gold_digest, home, dict(sorted(settings.items())), _program()])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@cache
def _program() -> str:
    """A digest of the code and the data of the packages that answer."""
    digest = hashlib.sha256()
    for package in ("index", "rag"):
        for path in sorted((_CODE / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(_CODE).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


class Kept:
    """A file of JSON lines, one outcome or judgement a line with the key it was made under; None
    keeps nothing. Judgements are of the judge that is named.

    Each line is written out before the next question, and one cut short by a crash is ignored.
    """

    def __init__(self, path: Path | None, key: str, judge: str | None = None) -> None:
        self._path = path
        self._key = key
        self._judge = judge
        self._file: TextIO | None = None
        self.outcomes: dict[str, Outcome] = {}
        self.judgements: dict[str, Judgement] = {}

    def __enter__(self) -> Self:
        """Read what is there and open the file. Raises UsageError when it cannot be written."""
        if self._path is None:
            return self
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._read(self._path)
            self._file = self._path.open("a", encoding="utf-8")
            self._file.write("\n" if self._file.tell() else "")  # ends a line that was cut short
        except OSError as error:
            raise UsageError(
                f"Answers cannot be kept in {self._path}: {error.strerror}. Choose another folder."
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, outcome: Outcome) -> None:
        """Keep one outcome. A failed one is not kept, so that the next run asks again."""
        if outcome.error is None:
            self.outcomes[outcome.id] = outcome
            self._write("outcome", outcome.to_dict())

    def add_judgement(self, judgement: Judgement) -> None:
        """Keep one judgement; neither is a failed one kept."""
        if judgement.error is None:
            self.judgements[judgement.id] = judgement
            self._write("judgement", judgement.to_dict())

    def finish(self) -> None:
        """Forget what was kept: the run is complete, and the next one asks anew."""
        if self._file is not None and self._path is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def _write(self, name: str, plain: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps({"key": self._key, name: plain}) + "\n")
            self._file.flush()

    def _read(self, path: Path) -> None:
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            try:
                record = json.loads(line)
                if record["key"] == self._key:
                    self._take(record)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # cut short, or written by another version

    def _take(self, record: Mapping[str, Any]) -> None:
        if "outcome" in record:
            outcome = Outcome.from_dict(record["outcome"])
            self.outcomes[outcome.id] = outcome
        else:
            judgement = Judgement.from_dict(record["judgement"])
            if judgement.judge == self._judge:
                self.judgements[judgement.id] = judgement
