"""The table `articles.csv` or `articles.jsonl` that describes the files beside it."""

import csv
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.article import Metadata
from index.declared import TEXT_KEYS, declared_metadata, lower_keys, merged
from index.decode import read_text, tidy
from index.errors import LoadError

_NAMES = ("articles.csv", "articles.jsonl")
_NO_FILE = "names no file; give it a 'file' column"
_COLUMNS = "file,title,publisher,author,published,url"


@dataclass(frozen=True, slots=True)
class _Table:
    """Metadata by file name, and the first thing wrong with the table."""

    rows: dict[str, Metadata]
    problem: str | None = None


def tables_beside(path: Path) -> list[Path]:
    """List the tables in the folder of `path`."""
    return [table for name in _NAMES if is_table(table := path.with_name(name))]


def is_table(path: Path) -> bool:
    """Tell whether a file is a table; one that holds texts instead of file names is data."""
    return path.name in _NAMES and _table(path) is not None


def table_problem(path: Path) -> str | None:
    """Say in one line what is wrong with a table, or None."""
    table = _table(path)
    return table.problem if table else None


def described_beside(path: Path) -> Metadata:
    """Give what the tables beside a file say of it; broken rows say nothing."""
    metadata = Metadata()
    for name in _NAMES:
        if path.name != name and (table := _table(path.with_name(name))):
            metadata = merged(metadata, table.rows.get(path.name, Metadata()))
    return metadata


def _table(path: Path) -> _Table | None:
    try:
        state = path.stat()
    except (OSError, ValueError):
        return None
    return _read_table(path, state.st_mtime_ns, state.st_size)


# One table serves every file of its folder; a changed table is another key.
@lru_cache(maxsize=16)
def _read_table(path: Path, modified: int, size: int) -> _Table | None:
    is_csv = path.suffix == ".csv"
    try:
        text = read_text(path)
    except LoadError as error:
        return _Table({}, str(error)) if is_csv else None
    if _holds_texts(text) if is_csv else not _names_files(text):
        return None
    rows: dict[str, Metadata] = {}
    problem = None
    for line, record in _csv_records(text) if is_csv else _json_records(text):
        try:
            file, metadata = _row(record)
            rows.setdefault(file, metadata)
        except LoadError as error:
            problem = problem or f"line {line} {error}"
    return _Table(rows, problem)


def _names_files(text: str) -> bool:
    """Tell whether the first record has a file and no text."""
    for _, record in _json_records(text):
        if isinstance(record, dict):
            return "file" in record and not any(key in record for key in TEXT_KEYS)
    return False


def _holds_texts(text: str) -> bool:
    """Tell whether a CSV table has a column of texts and none of files."""
    heading = next(csv.reader(io.StringIO(tidy(text))), [])
    names = {name.strip().lower() for name in heading}
    return "file" not in names and not names.isdisjoint(TEXT_KEYS)


def _row(record: dict[str, object] | LoadError) -> tuple[str, Metadata]:
    if isinstance(record, LoadError):
        raise record
    file = record.get("file")
    if not isinstance(file, str) or not file.strip():
        raise LoadError(_NO_FILE)
    return os.path.normpath(file.strip()), declared_metadata(record)


def _csv_records(text: str) -> Iterator[tuple[int, dict[str, object] | LoadError]]:
    reader = csv.DictReader(io.StringIO(tidy(text)), strict=True)
    try:
        if "file" not in [name.strip().lower() for name in reader.fieldnames or ()]:
            yield 1, LoadError(f"has no 'file' column; it must be like {_COLUMNS}")
            return
        for row in reader:
            # DictReader keeps values beyond the heading's columns under None.
            if None in row:
                yield reader.line_num, LoadError("has too many values; quote those with commas")
            else:
                yield reader.line_num, lower_keys(dict(row))
    except csv.Error as error:
        yield reader.reader.line_num, LoadError(f"is not valid CSV ({error}); correct that line")


def _json_records(text: str) -> Iterator[tuple[int, dict[str, object] | LoadError]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            yield number, lower_keys(record)
        else:
            yield number, LoadError("is not a JSON object; correct that line")
