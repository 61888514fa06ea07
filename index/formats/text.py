"""Plain text and Markdown, with the article's fields in YAML front matter."""

from collections.abc import Iterator

from index.article import Document
from index.declared import split_front_matter
from index.decode import decode, tidy
from index.errors import LoadError


def read(data: bytes, source: str) -> Iterator[Document]:
    """Give the one document of a text file. Raises LoadError."""
    declared, body = split_front_matter(tidy(decode(data)))
    if not body.strip():
        raise LoadError("has no text after its front matter; add the article's text")
    yield Document(source, body, declared)
