"""The three formats of gold files, each parsed into items and one-line problems.

A parser gives `(place, item or problem)` in file order; a place reads "line 3".
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from rag.evaluation.items import ANSWERABLE, UNANSWERABLE, Evidence, GoldItem

Parsed = Iterator[tuple[str, GoldItem | str]]
_OR = "|"  # between the accepted answers of a table's cell
_DELIMITERS = ",;\t"
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"", "false", "no", "0"})


class _Wrong(ValueError):
    """An entry that cannot be used; the message says why and what to do."""


def parse(text: str, *, table: bool) -> Parsed:
    """The entries of a gold file's text; `table` says that its name is that of a CSV file."""
    if table:
        return _parse_table(text)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict) and "data" in whole and "question" not in whole:
        return _parse_squad(whole["data"])
    return _parse_lines(text)


# JSON lines


def _parse_lines(text: str) -> Parsed:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield f"line {number}", _from_record(_load(line))
            except _Wrong as wrong:
                yield f"line {number}", str(wrong)


def _load(line: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise _Wrong(f"is not valid JSON ({error.msg} at column {error.colno})") from None
    except (ValueError, RecursionError):
        raise _Wrong("is not valid JSON") from None
    if not isinstance(record, dict):
        raise _Wrong("is not a JSON object")
    return record


def _from_record(record: Mapping[str, Any]) -> GoldItem:
    question = _string(record, "question")
    if "answers" not in record:
        raise _Wrong('"answers" is missing; an empty list means that the articles do not say')
    answers = tuple(_texts(record["answers"]))
    wants_all = record.get("all_answers", False)
    if not isinstance(wants_all, bool):
        raise _Wrong(f'"all_answers" must be true or false, not {_named(wants_all)}')
    kind = _string(record, "kind") if "kind" in record else _default_kind(answers)
    identity = _string(record, "id") if "id" in record else _identity(question)
    evidence = tuple(_pieces(record.get("evidence", [])))
    return GoldItem(identity, kind, question, answers, wants_all, evidence)


def _texts(value: object) -> Iterator[str]:
    if not isinstance(value, list):
        raise _Wrong(f'"answers" must be a list of texts, not {_named(value)}')
    for each in value:
        if not isinstance(each, str):
            raise _Wrong(f'"answers" must hold texts, not {_named(each)}; put it in quotes')
        if not each.strip():
            raise _Wrong('"answers" holds an empty text; leave it out')
        yield each.strip()


def _pieces(value: object) -> Iterator[Evidence]:
    if not isinstance(value, list):
        raise _Wrong(f'"evidence" must be a list, not {_named(value)}')
    for each in value:
        if not isinstance(each, dict):
            raise _Wrong(f'"evidence" must hold objects, not {_named(each)}')
        yield Evidence(_string(each, "quote"), _string(each, "article"))


def _string(record: Mapping[str, Any], key: str, *, raw: bool = False) -> str:
    """A text that must be there; `raw` keeps the space around it, which offsets count."""
    if key not in record:
        raise _Wrong(f'"{key}" is missing')
    value = record[key]
    if not isinstance(value, str):
        raise _Wrong(f'"{key}" must be a text, not {_named(value)}')
    if not value.strip():
        raise _Wrong(f'"{key}" is empty')
    return value if raw else value.strip()


def _named(value: object) -> str:
    names = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), "a number")


def _default_kind(answers: tuple[object, ...]) -> str:
    return ANSWERABLE if answers else UNANSWERABLE


def _identity(question: str) -> str:
    """The id of a question that came without: the same wherever it stands in the file."""
    return "q-" + hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:10]


# Tables


def _parse_table(text: str) -> Parsed:
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        answers = next((name for name in ("answer", "answers") if name in names), None)
        if "question" not in names or answers is None:
            yield "line 1", 'the columns "question" and "answer" are needed'
            return
        for row in reader:
            place = f"line {reader.line_num}"
            if any(cell.strip() for cell in row):
                try:
                    yield place, _from_row(dict(zip(names, row, strict=False)), answers)
                except _Wrong as wrong:
                    yield place, str(wrong)
    except csv.Error as error:
        yield f"line {reader.line_num}", f"is not a readable table ({error}); the rest is left out"


def _from_row(row: Mapping[str, str], answers: str) -> GoldItem:
    """A row: accepted answers are separated by "|"; an empty cell means the articles do not say."""
    question = _string(row, "question")
    if answers not in row:
        raise _Wrong(f"has no {answers} cell; an empty one means that the articles do not say")
    accepted = tuple(part.strip() for part in row[answers].split(_OR) if part.strip())
    wants_all = row.get("all_answers", "").strip().lower()
    if wants_all not in _TRUE | _FALSE:
        raise _Wrong(f'"all_answers" must be true or false, not {wants_all!r}')
    article, quote = (row.get(name, "").strip() for name in ("article", "quote"))
    return GoldItem(
        row.get("id", "").strip() or _identity(question),
        row.get("kind", "").strip() or _default_kind(accepted),
        question,
        accepted,
        wants_all in _TRUE,
        (Evidence(quote, article),) if article and quote else (),
    )


# SQuAD 2.0 (Rajpurkar, Jia & Liang 2018)


def _parse_squad(articles: object) -> Parsed:
    for place, article in _numbered("article", articles):
        paragraphs = article.get("paragraphs") if isinstance(article, dict) else None
        for spot, paragraph in _numbered(f"{place}, paragraph", paragraphs):
            asked = paragraph.get("qas") if isinstance(paragraph, dict) else None
            for where, question in _numbered(f"{spot}, question", asked):
                try:
                    yield where, _from_squad(question, _string(paragraph, "context", raw=True))
                except _Wrong as wrong:
                    yield where, str(wrong)
            if not isinstance(asked, list):
                yield spot, '"qas" must be a list of questions'
        if not isinstance(paragraphs, list):
            yield place, '"paragraphs" must be a list'
    if not isinstance(articles, list):
        yield "the file", '"data" must be a list of articles'


def _numbered(name: str, values: object) -> Iterator[tuple[str, Any]]:
    """The values of a list, each with its place; nothing of what is no list."""
    if isinstance(values, list):
        for number, value in enumerate(values, start=1):
            yield f"{name} {number}", value


def _from_squad(asked: object, context: str) -> GoldItem:
    if not isinstance(asked, dict):
        raise _Wrong("is not a JSON object")
    question = _string(asked, "question")
    impossible = asked.get("is_impossible", False)
    if not isinstance(impossible, bool):
        raise _Wrong(f'"is_impossible" must be true or false, not {_named(impossible)}')
    marked = [] if impossible else asked.get("answers")
    if not isinstance(marked, list):
        raise _Wrong(f'"answers" must be a list, not {_named(marked)}')
    if not marked and not impossible:
        raise _Wrong('"answers" is empty although "is_impossible" is not true')
    spans = [_marked(answer, context) for answer in marked]
    return GoldItem(
        _string(asked, "id") if "id" in asked else _identity(question),
        _default_kind(tuple(spans)),
        question,
        tuple(dict.fromkeys(context[start:end] for start, end in spans)),
        evidence=tuple(
            Evidence(context[start:end], None, context, start) for start, end in _merged(spans)
        ),
    )


def _marked(answer: object, context: str) -> tuple[int, int]:
    """Where a marked answer starts and ends in its paragraph."""
    if not isinstance(answer, dict):
        raise _Wrong(f'"answers" must hold objects, not {_named(answer)}')
    text, start = _string(answer, "text", raw=True), answer.get("answer_start")
    if not isinstance(start, int) or context[start : start + len(text)] != text:
        raise _Wrong(f'"answer_start" does not lead to {text!r}')
    return start, start + len(text)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, overlapping ones as one: several people marked the same words."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
