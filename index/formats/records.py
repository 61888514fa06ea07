"""Articles as records: JSON, JSON lines and CSV."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from index.article import Document
from index.declared import TEXT_KEYS, declared_metadata, lower_keys
from index.decode import decode, tidy
from index.errors import LoadError
from index.failure import LoadFailure

Fields = Mapping[str, str]  # our name of a field → the name it has in the records
Read = Iterator[Document | LoadFailure]

_CELL_LIMIT = 10_000_000  # characters; csv's own limit of 131,072 is less than a long article


def read_json(data: bytes, source: str, fields: Fields) -> Read:
    """Give the article of a JSON object, or those of a list of objects."""
    try:
        content = _parse_json(decode(data), first_line=1)
    except ValueError as error:
        remedy = "correct it, or name it .jsonl if each line is a record"
        raise LoadError(f"is not valid JSON ({error}); {remedy}") from None
    if not isinstance(content, list):
        yield _document(content, source, fields)
        return
    if not content:
        raise LoadError("is an empty list; put the articles into it or remove it")
    for number, item in enumerate(content, start=1):
        yield _record(item, f"{source}#{number}", fields)


def read_lines(data: bytes, source: str, fields: Fields) -> Read:
    """Give the article of each line that holds a JSON object; empty lines are left out."""
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if not line.strip():
            continue
        name = f"{source}#{number}"
        try:
            record = _parse_json(line, number)
        except ValueError as error:
            yield LoadFailure(name, f"is not valid JSON ({error}); correct that line")
        else:
            yield _record(record, name, fields)


def read_csv(data: bytes, source: str, fields: Fields) -> Read:
    """Give the article of each row; the first row names the columns, a record is numbered by
    its place below it.
    """
    csv.field_size_limit(_CELL_LIMIT)
    text = tidy(decode(data))
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text), strict=True)
    number = 0
    try:
        _check_columns(reader.fieldnames or (), fields)
        for number, row in enumerate(reader, start=1):
            name = f"{source}#{number}"
            if None in row:  # DictReader keeps values beyond the heading's columns there
                yield LoadFailure(name, "has too many values; quote those with commas")
            else:
                yield _record(dict(row), name, fields)
    except csv.Error as error:
        line = reader.reader.line_num
        yield LoadFailure(source, f"is not valid CSV at line {line} ({error}); correct that line")
        return
    if not number:
        raise LoadError("has no rows below the one that names the columns; add the articles")


def _check_columns(columns: Sequence[str], fields: Fields) -> None:
    names = {name.strip().lower() for name in columns}
    if "text" in fields and fields["text"].lower() not in names:
        raise LoadError(f"has no column {fields['text']!r}; correct --field text=…")
    if "text" not in fields and names.isdisjoint(TEXT_KEYS):
        raise LoadError(
            f"has no column of texts; name it {' or '.join(TEXT_KEYS)}, or give --field text=COLUMN"
        )


def _dialect(text: str) -> type[csv.Dialect]:
    """A comma, semicolon or tab between columns: what the first row has most of."""
    heading = text.partition("\n")[0]

    class Table(csv.excel):
        delimiter = max(",;\t", key=heading.count)

    return Table


def _record(record: object, source: str, fields: Fields) -> Document | LoadFailure:
    try:
        return _document(record, source, fields)
    except LoadError as error:
        return LoadFailure(source, str(error))


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


def _document(record: object, source: str, fields: Fields) -> Document:
    if not isinstance(record, dict):
        raise LoadError("is not a JSON object; give an object with a 'text'")
    values = _renamed(lower_keys(record), fields)
    key = next((key for key in TEXT_KEYS if values.get(key) is not None), None)
    if key is None:
        raise LoadError(f"has no text; give it under one of {', '.join(TEXT_KEYS)}")
    text = values[key]
    if not isinstance(text, str):
        raise LoadError(f"'{key}' is not text; write it as a quoted string")
    text = tidy(text)
    if not text.strip():
        raise LoadError(f"'{key}' is empty; put the article's text into it")
    return Document(source, text, declared_metadata(values))


def _renamed(values: dict[str, object], fields: Fields) -> dict[str, object]:
    """Put what the user's field map names under our names; "a.b" is `b` within the object `a`."""
    for ours, theirs in fields.items():
        value: object = values
        for step in theirs.lower().split("."):
            value = lower_keys(value).get(step) if isinstance(value, dict) else None
        values[ours] = value
    return values
