"""From files and folders to documents; one bad file or record never stops the others."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from index.article import Document
from index.declared import merged
from index.decode import read_bytes
from index.errors import LoadError
from index.failure import LoadFailure
from index.formats.kinds import kind_of_name, size_limit
from index.parse import NO_FIELDS, UNSUPPORTED, parse
from index.sidecar import described_beside, is_table, table_problem, tables_beside

_DECLARING = ("text", "json", "jsonl", "csv")


def find_sources(paths: Iterable[str | Path]) -> list[Path]:
    """List the files to load, absolute, each once: the given files and those in given folders.

    Folders give the files of known formats sorted, without hidden ones and tables of metadata.
    Listed all the same, so that loading them says what is wrong: a given path that does not exist
    or has an unsupported suffix, a folder that cannot be read, a table beside the files that is
    broken.
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


def load(path: Path, fields: Mapping[str, str] = NO_FIELDS) -> Iterator[Document | LoadFailure]:
    """Give the documents of one file in order, and a failure for each one that cannot be had.

    `source` is the absolute path, with what `index.parse` adds to it for a part of the file. A
    table of metadata gives only its failure, if it is broken. `fields` is the user's field map.
    """
    source = source_name(path)
    try:
        yield from _load(path, source, fields)
    except LoadError as error:
        yield LoadFailure(source, str(error))


def _load(path: Path, source: str, fields: Mapping[str, str]) -> Iterator[Document | LoadFailure]:
    if is_table(path):
        if problem := table_problem(path):
            raise LoadError(problem)
        return
    kind = kind_of_name(path.name)
    if kind is None and os.path.isfile(path):  # noqa: PTH113  # never raises
        raise LoadError(UNSUPPORTED)
    data = read_bytes(path, size_limit(kind or "text"))
    beside = described_beside(path)
    for item in parse(data, path.name, source, fields=fields):
        if isinstance(item, Document):
            # A user's table knows better than a page's markup, but not than a record's fields.
            own = item.metadata
            both = merged(own, beside) if kind in _DECLARING else merged(beside, own)
            yield replace(item, metadata=both)
        else:
            yield item


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
    return not name.startswith(".") and kind_of_name(name) is not None


def source_name(path: Path) -> str:
    """The absolute path as articles name it."""
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
