"""What a site puts around its reporting: recognised by families of lines, not by outlet.

Every pattern takes one trimmed line and is bounded, so that a line of any length costs linear
time. A line is dropped only when all of it is boilerplate: words that also occur in reporting
count only together with a cue of the site's own voice, and never in a line that quotes or
attributes ("Comments are closed, the ministry said").
"""

import re

_LABEL_LIMIT = 160  # characters; longer lines hold more than a label
_NOTICE_LIMIT = 320  # characters; a notice is a sentence or two
_HEADLINE_LIMIT = 160
_TEASER_LIMIT = 240

_ATTRIBUTED = re.compile(
    r"\b(?:said|says|saying|told|tells|according to|added|announced|stated|warned|wrote|urged"
    r"|reported|tweeted|claimed|asked)\b",
    re.IGNORECASE,
)
GLUED = re.compile(r"(?<=[a-z][.!?])(?=[\"'“‘]?[A-Z])")  # "a difference.Russia": a lost break

_ZERO_WIDTH = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# Joiners shape words of some scripts and emoji; beside ASCII they are debris.
_JOINERS = re.compile("[\u200c\u200d]+(?![^\x00-\x7f])|(?<![^\x00-\x7f])[\u200c\u200d]+")

_LABEL = re.compile(
    r"""
    (?:paid\ |story\ continues\ below\ )?advert(?:isement)?s?
    | (?:(?:advertisement\W+)?(?:article|story)\ continues|scroll)\ (?:below|after|to)\b.{0,60}
    | sponsored(?:\ content|\ links)?|promoted(?:\ content)?
    | comments?(?:\ (?:are|is)(?:\ now)?\ closed|\ off|\ disabled)?|(?:\d+|no)\ comments?(?:\ yet)?
    | (?:leave|add|post|write)\ a\ (?:comment|reply)|be\ the\ first\ to\ comment
    | join\ the\ (?:conversation|discussion)
    | (?:view|show|see|read|load|hide)\ (?:all\ |more\ |the\ |\d+\ )*comments?(?:\ \(?\d+\)?)?
    | skip\ to\ (?:main\ )?(?:content|navigation)|back\ to\ (?:the\ )?top|loading
    | (?:follow|find|like|join)\ us(?:\ (?:on|at|in)\ .{1,80})?|follow
    | (?:log|sign)\ ?in(?:\ to\ .{1,40})?|sign\ ?up(?:\ (?:now|here|today|for\ free))?
    | subscribe(?:\ (?:now|here|today|for\ free))?|(?:our\ )?newsletters?
    | (?:click|tap)\ (?:here|to\ (?:share|print|e-?mail|expand|enlarge|play))\b.{0,100}
    | read\ more\ (?:about|on|from|at|here)\b.{0,140}|continue\ reading\b.{0,100}
    | (?:read|see)\ (?:the\ )?(?:full|whole)\ (?:story|article)\b.{0,100}
    | (?:tags|filed\ under|posted\ in)\s*:.{0,140}
    | (?:accept|manage|reject)\ (?:all\ )?cookies|cookie\ (?:policy|settings|preferences|notice)
    | (?:©|\(c\)|copyright\s*(?:©|\(c\)|\d{4})).{0,140}|.{0,100}\ball\ rights\ reserved
    | \d{1,2}[:.]\d{2}(?:\ ?[ap]\.?m\.?)?(?:\ [A-Z]{2,4})?
    | (?:load|show|view)\ (?:more|older|earlier|newer|all)\b.{0,20}
    | [-_*=•~.\#·\ ]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LIST_HEADING = re.compile(
    r"""
    related(?:\ (?:posts?|articles?|stor(?:y|ies)|news|content|topics|links|coverage|reading))?
    | (?:you\ (?:may|might)\ also\ (?:like|be\ interested\ in)|you\ may\ like)
    | recommended(?:\ (?:for\ you|stories|articles|reading))?
    | (?:most|more)\ (?:read|popular|viewed|shared|stories|articles)(?:\ (?:stories|articles))?
    | more\ (?:on\ this\ (?:story|topic)|from\ (?:this\ author|the\ author|around\ the\ web))
    | (?:read|see|watch)\ (?:more|also|next)|also\ read|further\ reading|what\ to\ read\ next
    | trending(?:\ now)?|(?:latest|top)\ (?:news|stories|headlines)|editor'?s'?\ picks?|don't\ miss
    | originally\ (?:posted|published|appeared)\ (?:here|on|at|in)\b.{0,80}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_POINTER = re.compile(
    r"""
    (?:read\ (?:more|also|next)|(?:also|must)\ read|see\ also|more\ on\ this|don't\ miss
      |related(?:\ (?:stor(?:y|ies)|articles?|posts?|news|reading))?)\s*(?:[:|»>]|\s[–—-]\s)
    | (?:read|more|watch|listen|recommended|in\ pictures)\s*:
    | originally\ (?:posted|published|appeared)\ (?:here|on|at|in)\s*:
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"""
    (?:please\ |you\ can\ (?:also\ )?)?(?:subscribe|sign\ up)\b(?=.{0,240}
      (?:\b(?:newsletters?|inbox|e-?mails?|alerts?|briefing|digital|now|here|today|free|podcast
      |channel|our|us)\b|\.(?:com|org|net)\b))
    | (?:get|receive|join)\b.{0,200}\b(?:newsletters?|(?:in|to)\ your\ inbox|digital\ access
      |free\ trial|our\ (?:app|podcast|channel)|(?:telegram|whatsapp)\ channel)\b
    | (?:you\ can\ )?(?:follow|find|like|join)\b.{0,160}\bon\ (?:twitter|x|facebook|instagram
      |telegram|whatsapp|youtube|tiktok|linkedin|threads|google\ news|social\ media)\b
    | follow\ .{0,80}@\w
    | (?:contact|reach|e-?mail|write\ to)\ [^.]{0,80}(?:@\w|\b\d{3}[-.\ ]\d{4}\b)
    | (?:we|(?:our|this)\ (?:web)?site|by\ (?:continuing|using|clicking|browsing))\b
      .{0,200}\bcookies?\b
    | you(?:\ have|['’]ve)\ (?:read|reached|used)\b.{0,60}\b(?:free|monthly)\b.{0,20}\barticles?\b
    | (?:subscribe|register|log\ in|sign\ in|create\ an?\b.{0,20}account)\b.{0,40}
      \bto\ (?:continue|keep|go\ on|read\ on|read\ the|unlock|access)\b
    | (?:this|the)\ (?:article|story|content)\ is\ (?:only\ )?(?:for|available\ to|reserved\ for)
      \ .{0,30}\b(?:subscribers|members|readers)\b
    | (?:this|the)\ (?:article|story|post|piece|report)\b.{0,120}
      \b(?:originally|first)\ (?:appeared|published|posted)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A link to another article, its headline glued to a cue: "Heat wave:What to know about it".
_TEASER = re.compile(r"[^:]{2,110}[^\W\d_]['’?!)\"”]{0,2}:(?=[^\W\d_a-z]|['‘\"“])(?:\S+ ){4,}\S*")
_LEAD = re.compile(r"[•*►▶→»>#-]{1,3}\s*")
_TAIL = ".:!…→»> "
_SHARE_ACTIONS = frozenset("share tweet print email e-mail save like copy pin".split())
_SHARE_PLACES = frozenset(
    "facebook twitter x whatsapp linkedin telegram reddit pinterest messenger flipboard pocket"
    " instagram youtube tumblr viber bluesky threads".split()
)
_SHARE_WORDS = frozenset(
    "this article story post page on via with by to link the a and or friend".split()
)


def trimmed_lines(text: str) -> list[str]:
    """Split into lines without zero-width characters, each run of spaces one space, trimmed."""
    if not text.isascii():
        text = _ZERO_WIDTH.sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = _JOINERS.sub("", text)
    return [" ".join(line.split()) for line in text.split("\n")]


def without_boilerplate(lines: list[str]) -> list[str]:
    """Give trimmed lines with each one of boilerplate emptied, and lists of links with them."""
    kept = [_after_pointer(line) for line in lines]
    links = _link_lines(kept)
    return [
        "" if number in links or is_boilerplate(line) else line for number, line in enumerate(kept)
    ]


def is_boilerplate(line: str) -> bool:
    """Tell whether all of a trimmed line is a site's label, notice or row of share buttons."""
    if not line or len(line) > _NOTICE_LIMIT:
        return False
    bare = _bare(line)
    if len(line) <= _LABEL_LIMIT and (
        not bare or _LABEL.fullmatch(bare) or _is_list_heading(line) or _is_share_row(bare)
    ):
        return True
    return is_teaser(line) or (_NOTICE.match(bare) is not None and not is_attributed(line))


def is_teaser(line: str) -> bool:
    """Tell whether a trimmed line is a link to another article, with its headline after a cue.

    No space follows the colon, and no full stop ends it: reporting has both.
    """
    closed = line.rstrip("\"'”’)").endswith((".", ",", ";"))
    return len(line) <= _TEASER_LIMIT and not closed and _TEASER.fullmatch(line) is not None


def is_headline_like(line: str) -> bool:
    """Tell whether a line could be the title of an article: short, and no closed sentence."""
    return 0 < len(line) <= _HEADLINE_LIMIT and not line.rstrip("\"'”’").endswith((".", ",", ";"))


def is_attributed(text: str) -> bool:
    """Tell whether somebody is reported to say this."""
    return _ATTRIBUTED.search(text) is not None


def _bare(line: str) -> str:
    lead = _LEAD.match(line)
    return line[lead.end() if lead else 0 :].rstrip(_TAIL)


def _is_list_heading(line: str) -> bool:
    return len(line) <= _LABEL_LIMIT and _LIST_HEADING.fullmatch(_bare(line)) is not None


def _is_share_row(line: str) -> bool:
    words = re.sub(r"[|/,•·&+:()\[\]]|\d+", " ", line.lower()).split()
    actions = sum(word in _SHARE_ACTIONS for word in words)
    places = sum(word in _SHARE_PLACES for word in words)
    known = actions + places + sum(word in _SHARE_WORDS for word in words)
    return known == len(words) and (actions > 0 or places > 1)


def _after_pointer(line: str) -> str:
    """Give what is left of a line that points to another page: nothing, or glued reporting."""
    lead = _LEAD.match(line)
    pointer = _POINTER.match(line, lead.end() if lead else 0)
    if not pointer or pointer.end() == len(line):
        return line
    glue = GLUED.search(line, pointer.end())
    if glue:
        return line[glue.end() :]
    return "" if len(line) <= _LABEL_LIMIT + pointer.end() else line


def _link_lines(lines: list[str]) -> set[int]:
    """Find the lines of links under headings such as "Related Posts".

    They are links where the heading opens a paragraph whose every line looks like a title, or
    where nothing but such lines follows to the end.
    """
    links: set[int] = set()
    tail = len(lines)
    while tail > 0 and _may_be_link(lines[tail - 1]):
        tail -= 1
    for number, line in enumerate(lines):
        if not _is_list_heading(line):
            continue
        end = number + 1
        while end < len(lines) and lines[end] and is_headline_like(lines[end]):
            end += 1
        opens = number == 0 or not lines[number - 1]
        if number >= tail:
            links.update(range(number, len(lines)))
            break
        if opens and not lines[end]:
            links.update(range(number, end))
    return links


def _may_be_link(line: str) -> bool:
    return not line or is_headline_like(line) or is_boilerplate(line)
