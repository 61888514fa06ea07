"""Words as safe HTML and as Markdown: pure functions, text in and text out.

Articles, questions and model output reach a page through `escape` alone, and Markdown through
`escape_markdown`. `gate` is a second wall behind `escape`.
"""

import html
import re

import nh3

from index.records import Coverage
from rag.answer import Answer, ArticleRef
from ui import text
from ui.links import outside_url

_COMMON = {"class", "dir", "id", "role", "hidden", "aria-label", "aria-describedby"}
_OWN = {
    "a": {"href", "target", "rel"},
    "button": {"type", "data-act", "data-turn", "data-kind", "aria-pressed"},
    "form": {"data-turn"},
    "label": {"for"},
    "section": {"data-address"},
    "textarea": {"rows", "maxlength"},
}
_PLAIN = """section div h2 h3 p ul li span strong q dl dt dd details summary""".split()
_TAGS = {*_PLAIN, *_OWN}
_ATTRIBUTES = {tag: _COMMON | _OWN.get(tag, set()) for tag in _TAGS}


def escape(words: str) -> str:
    """`words` as inert HTML, fit for text and for quoted attributes."""
    return html.escape(text.clean(words), quote=True)


def gate(markup: str) -> str:
    """`markup` without whatever is not ours. All in it is escaped already; this keeps a slip in
    one renderer harmless.
    """
    return nh3.clean(
        markup, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None
    )


def tag(name: str, kind: str, inner: str) -> str:
    """An element of ours around HTML, in whichever direction its words run."""
    return f'<{name} class="dl-{kind}" dir="auto">{inner}</{name}>'


def link(address: str, inner: str, kind: str, more: str = "") -> str:
    """A link that opens beside the page; `more` holds further attributes."""
    return (
        f'<a class="dl-{kind}" href="{escape(address)}"{more} target="_blank"'
        f' rel="noopener noreferrer">{inner}</a>'
    )


def button(act: str, label: str, more: str = "") -> str:
    """A button whose press the page's script passes on as `act`."""
    return f'<button type="button" class="dl-act" data-act="{act}"{more}>{label}</button>'


def escape_markdown(words: str) -> str:
    """`words` as inert Markdown on one line; every character that it would act on is escaped."""
    plain = re.sub(r"([\\`*_{}\[\]<>|~&$@^])", r"\\\1", text.line(words))
    # Addresses in running text would become links of their own.
    unlinked = re.sub(r":(?=//)|(?<=www)\.", r"\\\g<0>", plain, flags=re.IGNORECASE)
    return re.sub(r"^([-+=#]|[0-9]+(?=[.)]))", _escape_start, unlinked)


def _escape_start(start: re.Match[str]) -> str:
    """A list, heading or rule mark at the start of a line, made plain."""
    return start[0] + "\\" if start[0].isdigit() else "\\" + start[0]


def notice_html(message: str, role: str = "alert") -> str:
    """One line to be heeded; an alert, about something wrong, is read out at once."""
    return f'<p class="dl-notice" role="{role}">{escape(text.line(message))}</p>'


def masthead_html(coverage: Coverage) -> str:
    """The head of the chat page: the name and what the collection holds."""
    covers = escape(text.coverage_words(coverage))
    return f'<header class="dl-masthead"><h1>Dateline</h1><p>{covers}</p></header>'


def markdown(answer: Answer) -> str:
    """The answer as Markdown: text, then each citation with its quote, outlet, date, address."""
    if answer.refusal is not None:
        covers = text.coverage_words(answer.refusal.coverage)
        near = [_markdown_source("-", item.text, item.article) for item in answer.refusal.nearest]
        head = [f"**{escape_markdown(answer.refusal.reason)}**", escape_markdown(covers)]
        return "\n\n".join([*head, *(["Nearest passages, not an answer:", *near] if near else [])])
    short = text.short_answer(answer)
    quotes = [_markdown_source(f"{c.number}.", c.quote, c.article) for c in answer.citations]
    return "\n\n".join(
        [
            *([f"**{escape_markdown(short)}**"] if short else []),
            *(escape_markdown(words) for words in answer.text.splitlines() if words.strip()),
            *(f"*{escape_markdown(remark)}*" for remark in text.remarks(answer)),
            *quotes,
        ]
    )


def _markdown_source(label: str, words: str, article: ArticleRef) -> str:
    url = outside_url(article.url)
    address = f", <{url}>" if url else ""
    return f"{label} “{escape_markdown(words)}” ({escape_markdown(text.byline(article))}{address})"
