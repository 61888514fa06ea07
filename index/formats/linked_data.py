"""What a page's JSON-LD says of its article."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_SCRIPT_LIMIT = 1_000_000  # characters
_NODES = 2_000
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Recipe|Review)$")


@dataclass(frozen=True, slots=True)
class Facts:
    """The statements of one article's JSON-LD, as written."""

    headline: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None


def article_facts(scripts: Iterable[str], title: str | None) -> Facts:
    """Give the facts of the page's own article: the first, or the one with the page's title.

    Lists of other articles are not looked into.
    """
    nodes = [node for script in scripts for node in _nodes(_parsed(script))]
    articles = [node for node in nodes if _is_article(node)]
    own = next((node for node in articles if title and _text(node.get("headline")) == title), None)
    article = own or next(iter(articles), {})
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    return Facts(
        headline=_text(article.get("headline")) or _text(article.get("name")),
        publisher=_name(article.get("publisher"), named),
        author=_name(article.get("author"), named),
        published=_text(article.get("datePublished")),
        url=_text(article.get("url")) or _address(article.get("mainEntityOfPage")),
    )


def _parsed(script: str) -> Any:
    if len(script) > _SCRIPT_LIMIT:
        return None
    bare = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|/\*.{0,40}?\*/)|(?:-->|//\]\]>)\s*$", "", script)
    try:
        return json.loads(bare.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(content: Any) -> Iterator[dict[str, Any]]:
    """All objects at the top and in graphs, in order."""
    waiting, seen = [content], 0
    while waiting and seen < _NODES:
        seen += 1
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting = item[:_NODES] + waiting
        elif isinstance(item, dict):
            yield item
            waiting = [item[key] for key in ("@graph", "mainEntity") if key in item] + waiting


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds)


def _text(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _name(value: Any, named: dict[str, dict[str, Any]]) -> str | None:
    """Give the name of a person or an organisation, of several with commas."""
    values = value if isinstance(value, list) else [value]
    names = []
    for each in values[:20]:
        if isinstance(each, dict) and "name" not in each:
            each = named.get(str(each.get("@id")))
        name = _text(each.get("name")) if isinstance(each, dict) else _text(each)
        if name:
            names.append(name)
    return ", ".join(dict.fromkeys(names)) or None


def _address(value: Any) -> str | None:
    return _text(value.get("@id") if isinstance(value, dict) else value)
