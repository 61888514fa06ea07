"""What a page sets around and between its reporting, told by how the page itself names it."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Words of class names and ids. They are looked for as whole words of "c-related-posts__item",
# since "ad" is in "heading" and "share" in "shareholder".
_WORDS = r"""
    related(?:[-_]?\w+)? recirc(?:ulation)? recommend(?:ed|ations?|er) read[-_]?(?:more|next|also)
    more[-_]?(?:stories|news|from|on|like|coverage) also[-_]?(?:read|like)
    most[-_]?(?:read|popular|viewed) trending popular(?:[-_]\w+)? up[-_]?next outbrain taboola teads
    newsletters?(?:[-_]?\w+)? sign[-_]?up subscri(?:be|ption|ptions) mailing[-_]?list
    donat(?:e|ion|ions)(?:[-_]?\w+)? appeal contribut(?:e|ions?)[-_]?(?:box|banner|cta|epic)? epic
    support[-_]?us membership pay[-_]?wall(?:[-_]?\w+)? regwall register[-_]?wall
    meter(?:ed)?[-_]?(?:wall|message) cookies?(?:[-_]?\w+)? consent(?:[-_]?\w+)? gdpr cmp
    privacy[-_]?(?:notice|banner) disqus\w* livefyre respond
    comments?(?:[-_]?(?:list|area|section|thread|form|count|container|wrap(?:per)?|body|item))?
    share(?:[-_]?(?:bar|tools?|buttons?|links?|this))? sharing social(?:[-_]\w+)? addthis\w*
    sharedaddy ads? advert\w* dfp sponsor(?:ed)?(?:[-_]\w+)? promo(?:[-_]?\w+)? promoted
    breadcrumbs? skip[-_]?link site[-_]?(?:footer|header|nav) masthead navbar menu
    author[-_]?(?:bio|box|card|about) about[-_]?the[-_]?author bio[-_]?box
    tags?[-_]?(?:list|cloud|links?)? topics?[-_]?list post[-_]?tags article[-_]?tags
    credits? copyright app[-_]?(?:banner|promo|download) follow[-_]?us whatsapp[-_]\w+
    modal popup pop[-_]up overlay toast visually[-_]?hidden sr[-_]?only screen[-_]?reader[-_]?text
"""
_NAMES = re.compile(rf"(?:^|[-_ ])(?:{'|'.join(_WORDS.split())})(?=$|[-_ ])", re.IGNORECASE)
_ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog".split())
_TAGS = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "svg",
    "form",
    "button",
    "nav",
    "aside",
)
_SHARE = 0.4  # of a page's words: what holds more is the article, whatever its class says


def drop_around(tree: "HtmlElement") -> None:
    """Remove from a page, in place, what its own markup says is not the article."""
    body = tree.find("body")
    if body is None:
        return
    for element in list(body.iter(*_TAGS)):
        if element.tag in ("aside", "form") and _holds_article(element, body):
            continue
        _drop(element)
    _flatten_layout(body)
    most = _SHARE * len(body.text_content())
    for element in list(body.iter()):
        if _is_around(element) and len(element.text_content()) <= most:
            _drop(element)


def _flatten_layout(body: "HtmlElement") -> None:
    """Make plain blocks of the tables that only place things on the page."""
    for table in list(body.iter("table")):
        if next(table.iter("p", "h1", "h2", "article"), None) is not None:
            for part in (table, *table.iter("tbody", "tr", "td", "th")):
                part.tag = "div"


def _is_around(element: "HtmlElement") -> bool:
    if not isinstance(element.tag, str) or element.tag in ("body", "main", "article", "h1"):
        return False
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if (element.get("role") or "").lower() in _ROLES:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if "display:none" in style or "visibility:hidden" in style:
        return True
    if element.tag == "p" and _is_usual(element):
        return False  # ".paywall" marks the paragraphs that only subscribers see
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
    return bool(names.strip()) and _NAMES.search(names) is not None


def _is_usual(paragraph: "HtmlElement") -> bool:
    """Tell whether most paragraphs beside this one carry the same class."""
    parent = paragraph.getparent()
    beside = [] if parent is None else parent.findall("p")[:50]
    alike = sum(other.get("class") == paragraph.get("class") for other in beside)
    return bool(alike > 2 and alike * 2 > len(beside))


def _holds_article(element: "HtmlElement", body: "HtmlElement") -> bool:
    return len(element.text_content()) > _SHARE * len(body.text_content())


def _drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()
