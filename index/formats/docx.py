"""Word documents, by python-docx."""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.article import Document, Metadata
from index.decode import tidy
from index.errors import LoadError

if TYPE_CHECKING:
    from docx.document import Document as Word

_UNPACKED = 100_000_000  # bytes
_XML_LIMIT = 30_000_000  # bytes of one part that holds text
_REMEDY = "open it in a word processor and save it again as .docx"


def read(data: bytes, source: str) -> Iterator[Document]:
    """Give the one article of a document. Raises LoadError."""
    _check(data)
    import docx

    word = docx.Document(io.BytesIO(data))
    text = tidy("\n\n".join(_blocks(word)))
    if not text.strip():
        raise LoadError("holds no text; pictures are not read")
    yield Document(source, text, _metadata(word))


def _check(data: bytes) -> None:
    """Refuse what is no document, and what would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise LoadError(f"is no Word document; {_REMEDY}") from None
    if not any(entry.filename == "word/document.xml" for entry in entries):
        raise LoadError(f"is no Word document; {_REMEDY}")
    large = any(
        entry.file_size > _XML_LIMIT and entry.filename.endswith((".xml", ".rels"))
        for entry in entries
    )
    if large or sum(entry.file_size for entry in entries) > _UNPACKED:
        raise LoadError(f"unpacks to more than {_XML_LIMIT // 1_000_000} MB; give its text alone")


def _blocks(word: "Word") -> Iterator[str]:
    """The paragraphs and table rows in the order of the page, one line each."""
    from docx.table import Table

    for block in word.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)
                yield " | ".join(cell for cell in cells if cell)
        elif block.text.strip():
            yield " ".join(block.text.split())


def _metadata(word: "Word") -> Metadata:
    """What the document's properties say; the date is that of writing, not of publication."""
    properties = word.core_properties
    title = " ".join(tidy(properties.title or "").split())
    author = " ".join(tidy(properties.author or "").split())
    return Metadata(
        title=title or None,
        author=author if author.casefold() not in ("", "python-docx", "user", "admin") else None,
    )
