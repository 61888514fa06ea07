"""PDF, by pypdf: paragraphs in reading order, without running heads, with page numbers."""

import io
from collections.abc import Iterator

from index.article import Document, Metadata
from index.decode import tidy
from index.errors import LoadError
from index.formats.paper import joined_pages

_PAGES = 1_000
_CHARACTERS = 3_000_000  # what is read at most before the article is found too long


def read(data: bytes, source: str) -> Iterator[Document]:
    """Give the one article of a PDF. Raises LoadError."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise LoadError("is locked with a password; save it without one")
        if len(reader.pages) > _PAGES:
            raise LoadError(f"has more than {_PAGES:,} pages; split it into its articles")
        text, starts = joined_pages(_pages(reader))
        facts = _metadata(reader)
    except DependencyError:
        raise LoadError("is encrypted in a way that is not read; save it without") from None
    except (PyPdfError, RecursionError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise LoadError(f"is a broken PDF ({reason}); print it to a new one") from None
    if not text.strip():
        raise LoadError("holds no text, perhaps scanned pages; recognise their text first (OCR)")
    yield Document(source, text, facts, starts)


def _pages(reader: object) -> Iterator[str]:
    total = 0
    for page in reader.pages:  # type: ignore[attr-defined]
        text = tidy(page.extract_text() or "")
        total += len(text)
        if total > _CHARACTERS:
            raise LoadError(f"holds more than {_CHARACTERS:,} characters; split it")
        yield text


def _metadata(reader: object) -> Metadata:
    """What the file says of itself; a title that names a file is none."""
    facts = reader.metadata  # type: ignore[attr-defined]
    if not facts:
        return Metadata()
    title = _line(facts.get("/Title"))
    if title and title.lower().endswith((".doc", ".docx", ".pdf", ".indd", ".qxd", ".html")):
        title = None
    if title and len(title.split()) < 3:
        title = None
    return Metadata(title=title, author=_line(facts.get("/Author")))


def _line(value: object) -> str | None:
    return " ".join(tidy(str(value or "")).split())[:400] or None
