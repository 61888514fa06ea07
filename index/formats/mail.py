"""Newsletters by mail: single messages (.eml) and mailboxes (.mbox)."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from index.article import Document, Metadata
from index.decode import tidy
from index.errors import LoadError
from index.formats.member import Member

_MESSAGES = 10_000
_PARTS = 200
_HEADERS = 200_000  # bytes; unfolding longer ones takes minutes
_FROM_LINE = re.compile(rb"^From [^\n]{0,300}\n(?=[A-Za-z][\w-]{1,60}:)", re.MULTILINE)


def messages(data: bytes) -> Iterator[Member]:
    """Give the messages of a mailbox; "#3" is the third."""
    starts = list(_FROM_LINE.finditer(data))
    if not starts:
        raise LoadError("is no mailbox: no line begins with 'From '; name a single message .eml")
    if len(starts) > _MESSAGES:
        raise LoadError(f"has more than {_MESSAGES:,} messages; split it")
    ends = [match.start() for match in starts[1:]] + [len(data)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        message = re.sub(rb"(?m)^>(>*From )", rb"\1", data[start.end() : end])
        yield Member(f"#{number}", "message.eml", message, "eml")


def read(data: bytes, source: str) -> Iterator[Document]:
    """Give the text of a message: its plain part if that says as much, else the web page in it."""
    if len(data.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]) > _HEADERS:
        raise LoadError(f"has over {_HEADERS // 1000} kB of headers; give its text alone")
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not message.keys():
        raise LoadError("is no message: it has no headers; save it again from the mail program")
    sender, address = parseaddr(_header(message, "From"))
    text = _text(message)
    if not text.strip():
        raise LoadError("holds no text; attachments are not read, give them as files")
    yield Document(
        source,
        text,
        Metadata(
            title=re.sub(
                r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", "", _header(message, "Subject"), flags=re.I
            )
            or None,
            publisher=sender or address.rpartition("@")[2] or None,
            published=_date(message),
        ),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(tidy(str(message.get(name) or "")).split())[:400]
    except (ValueError, IndexError, AttributeError, TypeError):  # headers are parsed when asked for
        return ""


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _text(message: EmailMessage) -> str:
    plain, page = "", ""
    for number, part in enumerate(message.walk()):
        if number > _PARTS:
            break
        if part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and not plain:
            plain = tidy(_content(part))
        elif kind == "text/html" and not page:
            page = tidy(_page_text(_content(part)))
    # A plain part of a few words only says that there is a page.
    return plain if len(plain.split()) >= max(30, len(page.split()) // 2) or not page else page


def _content(part: EmailMessage) -> str:
    from index.formats.html import html_text

    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return ""
    charset = part.get_content_charset()
    return html_text(data, f"charset={charset}" if charset else None)


def _page_text(markup: str) -> str:
    from index.formats.html import mail_text

    return mail_text(markup) if markup.strip() else ""
