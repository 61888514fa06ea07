"""`GET /api`: what programs can ask for, written from /openapi.json with no script.

Swagger's own page would load its scripts from elsewhere, and the server must work with no internet.
"""

import re
from collections.abc import Iterator
from typing import Any

from ui.plain_page import plain_page
from ui.render import escape

_Schema = dict[str, Any]
_MCP = """<h2>For assistants</h2><p>The Model Context Protocol is served at <code>/mcp</code>
(streamable HTTP), and by the command <code>dateline mcp</code> over stdio. Its tools are ask,
search_articles and read_article.</p>"""
_KEY = """<p>Where the server has a password, send it as a bearer token, or user and password by
basic authentication. Errors are one line of JSON: <code>{"error": {"message", "type", "param",
"code"}}</code>. The same as a schema: <a href="/openapi.json">/openapi.json</a>.</p>"""


def api_html(openapi: _Schema) -> str:
    """The page for a schema in OpenAPI's form."""
    operations = "".join(
        _operation(method, path, operation, openapi)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    title = "For programs"
    return plain_page(title, f"<header><h1>{title}</h1></header>{_KEY}{operations}{_MCP}")


def _operation(method: str, path: str, operation: _Schema, openapi: _Schema) -> str:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    fields = "".join(_fields(body["schema"], openapi)) if body else ""
    return (
        f"<h2>{escape(operation['summary'])}</h2>"
        f"<p><code>{escape(method.upper())} {escape(path)}</code></p>"
        + (f"<p>{_words(operation['description'])}</p>" if "description" in operation else "")
        + (f"<ul>{fields}</ul>" if fields else "")
    )


def _fields(schema: _Schema, openapi: _Schema) -> Iterator[str]:
    """One item for each field of a form, and for those of the forms inside it."""
    schema = _resolved(schema, openapi)
    needed = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        inner = _resolved(field.get("items", field), openapi)
        nested = "".join(_fields(inner, openapi)) if "properties" in inner else ""
        says = _words(field.get("description", ""))
        must = "" if name in needed else ", may be left out"
        yield (
            f"<li><code>{escape(name)}</code> ({escape(_kind(field, openapi))}{must})"
            f"{': ' + says if says else ''}{f'<ul>{nested}</ul>' if nested else ''}</li>"
        )


def _words(description: str) -> str:
    """A description with what stands between backticks as code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(description))


def _kind(field: _Schema, openapi: _Schema) -> str:
    """A field's type in words."""
    field = _resolved(field, openapi)
    if "anyOf" in field:
        return " or ".join(_kind(one, openapi) for one in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {_kind(field['items'], openapi)}"
    if field.get("format") == "date":
        return "date as 2020-12-31"
    bounds = [f"{word} {field[key]:g}" for word, key in _BOUNDS if key in field]
    return " ".join([str(field.get("type", "anything")), *bounds])


_BOUNDS = (("from", "minimum"), ("to", "maximum"))


def _resolved(schema: _Schema, openapi: _Schema) -> _Schema:
    """What a schema refers to, or itself."""
    while "$ref" in schema:
        found: _Schema = openapi
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema
