"""What a file says of its article: fields of a record, a table row or a front matter."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from index.article import Metadata
from index.dates import iso_date
from index.decode import tidy
from index.errors import LoadError

if TYPE_CHECKING:
    from frontmatter.default_handlers import YAMLHandler

TEXT_KEYS = ("text", "body", "content", "article")
_KEYS = {
    "title": ("title", "headline"),
    "publisher": ("publisher", "source", "outlet", "site"),
    "author": ("author", "byline"),
    "published": ("published", "date", "published_at", "date_published"),
    "url": ("url", "link"),
}
_KNOWN = frozenset(key for keys in _KEYS.values() for key in keys)
_FRONT_MATTER_LIMIT = 65_536  # characters; a longer block between dividers is text
_KEY_LINE = re.compile(r"\s*([A-Za-z][\w-]*)\s*:(?:\s|$)")
_NULLS = ("~", "null", "Null", "NULL")


def declared_metadata(record: Mapping[str, object]) -> Metadata:
    """Read the known fields of a record whose keys are lower case; unknown keys are ignored.

    Raises LoadError for a value that is not text (people and outlets may also be lists or
    objects with a name). A date that is not understood is None.
    """
    values = {field: _value(record, keys) for field, keys in _KEYS.items()}
    url, published, author = values["url"], values["published"], values["author"]
    if url and not url.lower().startswith(("http://", "https://")):
        values["url"] = None
    values["published"] = iso_date(published) if published else None
    if author:
        values["author"] = re.sub(r"^by\s+", "", author, flags=re.IGNORECASE)
    return Metadata(**values)


def merged(first: Metadata, second: Metadata) -> Metadata:
    """Fill what `first` leaves unknown from `second`."""
    missing = [field.name for field in fields(Metadata) if getattr(first, field.name) is None]
    return replace(first, **{name: getattr(second, name) for name in missing})


def lower_keys(record: Mapping[str, object]) -> dict[str, object]:
    """Give the record with its keys in lower case."""
    return {key.strip().lower(): value for key, value in record.items()}


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Give what the YAML front matter of a tidy text declares, and the text after it.

    A text that begins with a divider but holds no mapping of fields there is all text.
    Raises LoadError, naming the line, for a front matter that is broken or never closed.
    """
    head = text.lstrip("\n")
    if not head.startswith("---"):
        return Metadata(), text
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    if not handler.detect(head):
        return Metadata(), text
    first_line = len(text) - len(head) + 1
    try:
        block, body = handler.split(head)
    except ValueError:
        if _opens_fields(head.partition("\n")[2]):
            raise LoadError(
                f"line {first_line}: front matter is never closed; add a line --- after it"
            ) from None
        return Metadata(), text
    if len(block) > _FRONT_MATTER_LIMIT:
        return Metadata(), text
    first_line += head.count("\n", 0, head.index(block))
    record = _parse_yaml(handler, block, first_line)
    if record is None:
        return Metadata(), text
    return declared_metadata(record), body.lstrip("\n")


def _value(record: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = record.get(key)
        # Numbers stand for seconds or milliseconds since 1970: not a date as written.
        if value is None or (key in _KEYS["published"] and isinstance(value, int | float)):
            continue
        text = " ".join(tidy(_as_text(key, value)).split())
        if text:
            return text
    return None


def _as_text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if key in _KEYS["publisher"] + _KEYS["author"]:
        if isinstance(value, Mapping) and isinstance(value.get("name"), str):
            return str(value["name"])
        if isinstance(value, list) and not any(isinstance(item, list) for item in value):
            return ", ".join(_as_text(key, item) for item in value)
    raise LoadError(f"'{key}' is not text; write it as a quoted string")


def _parse_yaml(handler: "YAMLHandler", block: str, first_line: int) -> dict[str, object] | None:
    """Give the block's fields, or None when it is no front matter but text."""
    import yaml

    try:
        # The base loader leaves every value as written: no date, number or "No" is converted.
        record = handler.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if not _opens_fields(block):
            return None
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise LoadError(f"line {line}: front matter is not valid YAML; correct it") from None
    if not isinstance(record, dict) or not all(isinstance(key, str) for key in record):
        return None
    if not _all_plain(record) and _KNOWN.isdisjoint(lower_keys(record)):
        return None
    return {key: None if value in _NULLS else value for key, value in lower_keys(record).items()}


def _all_plain(record: Mapping[str, object]) -> bool:
    # "layout: post" is a field of no interest; "Breaking: talks have begun" is text.
    return all(re.fullmatch(r"[a-z][\w-]*", key) for key in record)


def _opens_fields(block: str) -> bool:
    match = _KEY_LINE.match(block)
    return match is not None and (match[1].lower() in _KNOWN or match[1].islower())
