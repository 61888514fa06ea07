"""From files and folders to documents; one bad file or record never stops the others."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.article import Document, Metadata
from index.declared import TEXT_KEYS, declared_metadata, lower_keys, merged, split_front_matter
from index.decode import read_text, tidy
from index.errors import LoadError
from index.sidecar import described_beside, is_table, table_problem, tables_beside

SUFFIXES = (".txt", ".md", ".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A file or record that did not become a document; `reason` is one line with the remedy."""

    source: str
    reason: str


def find_sources(paths: Iterable[str | Path]) -> list[Path]:
    """List the files to load, absolute, each once: the given files and those in given folders.

    Folders give their text files sorted, without hidden ones and tables of metadata. Listed all
    the same, so that loading them says what is wrong: a given path that does not exist or has an
    unsupported suffix, a folder that cannot be read, a table beside the files that is broken.
    """
    found: dict[str, Path] = {}
    for given in paths:
        path = _absolute(given)
        for file in _files_in(path) if _is_folder(path) else [path]:
            found.setdefault(_real(file), file)
    files = [path for path in found.values() if not is_table(path)]
    neighbours = {path.parent: path for path in files}.values()
    tables = [path for path in found.values() if is_table(path)]
    tables += [table for path in neighbours for table in tables_beside(path)]
    return files + [table for table in dict.fromkeys(tables) if table_problem(table)]


def load(path: Path) -> Iterator[Document | LoadFailure]:
    """Give the documents of one file in order, and a failure for each one that cannot be had.

    `source` is the absolute path; a record of a .jsonl file or of a .json list adds its 1-based
    line or item: `/a/b.jsonl#3`. A table of metadata gives only its failure, if it is broken.
    """
    source = _source_name(path)
    try:
        yield from _load(path, source)
    except LoadError as error:
        yield LoadFailure(source, str(error))


def _load(path: Path, source: str) -> Iterator[Document | LoadFailure]:
    suffix = path.suffix.lower()
    if is_table(path):
        if problem := table_problem(path):
            raise LoadError(problem)
        return
    if suffix not in SUFFIXES and os.path.isfile(path):  # noqa: PTH113  # never raises
        raise LoadError(f"has an unsupported suffix; give {', '.join(SUFFIXES)}")
    text = read_text(path)
    beside = described_beside(path)
    if suffix == ".jsonl":
        yield from _load_lines(text, source, beside)
    elif suffix == ".json":
        yield from _load_json(text, source, beside)
    else:
        declared, body = split_front_matter(tidy(text))
        if not body.strip():
            raise LoadError("has no text after its front matter; add the article's text")
        yield Document(source, body, merged(declared, beside))


def _load_lines(text: str, source: str, beside: Metadata) -> Iterator[Document | LoadFailure]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        name = f"{source}#{number}"
        try:
            yield _document(_parse_json(line, number), name, beside)
        except ValueError as error:
            yield LoadFailure(name, f"is not valid JSON ({error}); correct that line")
        except LoadError as error:
            yield LoadFailure(name, str(error))


def _load_json(text: str, source: str, beside: Metadata) -> Iterator[Document | LoadFailure]:
    try:
        content = _parse_json(text, first_line=1)
    except ValueError as error:
        remedy = "correct it, or name it .jsonl if each line is a record"
        raise LoadError(f"is not valid JSON ({error}); {remedy}") from None
    if not isinstance(content, list):
        yield _document(content, source, beside)
        return
    if not content:
        raise LoadError("is an empty list; put the articles into it or remove it")
    for number, item in enumerate(content, start=1):
        name = f"{source}#{number}"
        try:
            yield _document(item, name, beside)
        except LoadError as error:
            yield LoadFailure(name, str(error))


def _parse_json(text: str, first_line: int) -> object:
    """Parse JSON; raises ValueError with a short reason that names the line of the file."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise ValueError(f"{error.msg} at line {line}, column {error.colno}") from None
    except RecursionError:
        raise ValueError(f"nested too deeply at line {first_line}") from None
    except ValueError:
        raise ValueError(f"a number with too many digits at line {first_line}") from None


def _document(record: object, source: str, beside: Metadata) -> Document:
    if not isinstance(record, dict):
        raise LoadError("is not a JSON object; give an object with a 'text'")
    values = lower_keys(record)
    key = next((key for key in TEXT_KEYS if values.get(key) is not None), None)
    if key is None:
        raise LoadError(f"has no text; give it under one of {', '.join(TEXT_KEYS)}")
    text = values[key]
    if not isinstance(text, str):
        raise LoadError(f"'{key}' is not text; write it as a quoted string")
    text = tidy(text)
    if not text.strip():
        raise LoadError(f"'{key}' is empty; put the article's text into it")
    return Document(source, text, merged(declared_metadata(values), beside))


def _files_in(folder: Path) -> list[Path]:
    """List a folder's text files below it, sorted; linked folders last and no folder twice."""
    files: dict[str, Path] = {}
    pending = [str(folder)]
    seen: set[str] = set()
    while pending:
        unreadable: list[OSError] = []
        for parent, folders, names in os.walk(pending.pop(0), onerror=unreadable.append):
            real = _real(Path(parent))
            folders[:] = [name for name in folders if not name.startswith(".")]
            if real in seen:
                folders.clear()
                continue
            seen.add(real)
            inside = [Path(parent, name) for name in folders]
            pending += sorted(str(path) for path in inside if path.is_symlink())
            for path in (Path(parent, name) for name in names if _is_wanted(name)):
                _keep(files, path)
        for error in unreadable:
            files[error.filename] = Path(error.filename)
    return sorted(files.values())


def _keep(files: dict[str, Path], path: Path) -> None:
    # A file's own name is kept rather than that of a link to it.
    if path.is_symlink():
        files.setdefault(_real(path), path)
    else:
        files[_real(path)] = path


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES


def _source_name(path: Path) -> str:
    # A file name that is not UTF-8 holds lone surrogates, which no store or page accepts.
    return _absolute(path).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _absolute(path: str | Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  # Path.absolute keeps ".." in it


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  # Path.is_dir raises for a name that is too long


def _real(path: Path) -> str:
    """Give the path that links lead to: the same for every name of one file."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return str(path)  # a null character in the name; loading says so
