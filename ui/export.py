"""An answer or a whole conversation as a file: Markdown, HTML or JSON, complete in itself."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

from rag.answer import Answer, ArticleRef, Citation, Passage
from ui import text
from ui.links import outside_url
from ui.render import escape, escape_markdown, markdown
from ui.turns import Turn

_STYLE = files("ui").joinpath("export.css").read_text("utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be saved by the browser."""

    name: str
    kind: str  # its media type
    content: str


def export(turns: Sequence[Turn], kind: str) -> Export:
    """The turns as `kind`: "markdown", "html" or "json"."""
    name = "conversation" if len(turns) > 1 else "answer"
    ending, media, written = _KINDS[kind]
    whole = written(turns).encode("utf-8", "replace").decode()  # half characters are none
    return Export(f"dateline-{name}.{ending}", media, whole)


def _markdown(turns: Sequence[Turn]) -> str:
    return (
        "\n\n---\n\n".join(
            "\n\n".join(
                [
                    f"## {escape_markdown(turn.answer.question)}",
                    *(f"*{escape_markdown(row)}*" for row in _asked(turn)),
                    markdown(turn.answer),
                    f"*{escape_markdown(_made(turn))}*",
                ]
            )
            for turn in turns
        )
        + "\n"
    )


def _json(turns: Sequence[Turn]) -> str:
    told = [
        {
            "accessed": turn.day.isoformat(),
            "filters": asdict(turn.choices.filters),
            **turn.answer.to_dict(),
        }
        for turn in turns
    ]
    return json.dumps({"answers": told}, ensure_ascii=False, indent=2) + "\n"


def _html(turns: Sequence[Turn]) -> str:
    """A page without script or request. It links to the articles' own addresses only."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Dateline</title><style>{_STYLE}</style></head><body><main>"
        f"{''.join(_section(turn) for turn in turns)}</main></body></html>\n"
    )


def _section(turn: Turn) -> str:
    answer = turn.answer
    short = text.short_answer(answer)
    said = [one.text for one in answer.sentences] if answer.answered else [answer.text]
    if " ".join(said) != answer.text:
        said = answer.text.splitlines()
    rows = [
        f'<h1 dir="auto">{_words(answer.question)}</h1>',
        *(f'<p class="soft" dir="auto">{_words(row)}</p>' for row in _asked(turn)),
        *([f'<p class="short" dir="auto">{_words(short)}</p>'] if short else []),
        *(f'<p dir="auto">{_words(each)}</p>' for each in said if each.strip()),
        *(f'<p class="soft">{_words(row)}</p>' for row in text.remarks(answer)),
        _quotes(answer),
        f'<p class="soft">{_words(_made(turn))}</p>',
    ]
    return f"<section>{''.join(rows)}</section>"


def _quotes(answer: Answer) -> str:
    if answer.refusal:
        covers = f'<p class="soft">{_words(text.coverage_words(answer.refusal.coverage))}</p>'
        near = "".join(_quote(one, one.text) for one in answer.refusal.nearest)
        return covers + (f"<h2>Nearest passages, not an answer</h2><ul>{near}</ul>" if near else "")
    items = "".join(_quote(one, one.quote) for one in answer.citations)
    return f"<h2>Sources</h2><ol>{items}</ol>" if items else ""


def _quote(spot: Citation | Passage, words: str) -> str:
    number = f' value="{spot.number}"' if isinstance(spot, Citation) else ""
    return f'<li{number} dir="auto"><q>{_words(words)}</q> {_origin(spot.article)}</li>'


def _origin(article: ArticleRef) -> str:
    url = outside_url(article.url)
    title = f"{text.line(article.title)}. " if article.title else ""
    address = f' <a href="{escape(url)}" rel="noopener noreferrer">{escape(url)}</a>' if url else ""
    return f'<span class="soft">{_words(title + text.byline(article))}{address}</span>'


def _asked(turn: Turn) -> list[str]:
    limits = text.limits(turn.choices.filters)
    rows = [text.asked_as(turn.answer), f"Only from: {limits}" if limits else ""]
    return [row for row in rows if row]


def _made(turn: Turn) -> str:
    return f"{text.made_by(turn.answer)}. Accessed {text.day(turn.day.isoformat())}."


def _words(words: str) -> str:
    return escape(text.line(words))


_KINDS = {
    "markdown": ("md", "text/markdown", _markdown),
    "html": ("html", "text/html", _html),
    "json": ("json", "application/json", _json),
}
