"""BM25 over the index terms of documents, by Tantivy: one index in a folder of its own."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.article import Filters, date_number, publisher_key
from index.errors import HomeError

if TYPE_CHECKING:
    from tantivy import Document as TantivyDocument
    from tantivy import IndexWriter, Query, Schema

WRITER_BYTES = 32_000_000  # memory for one commit's documents


@dataclass(frozen=True, slots=True)
class Document:
    """What the index holds of a text: index terms, the folded publisher, a date like 20201202."""

    id: str
    body: Sequence[str]
    title: Sequence[str]
    publisher: str
    published: int | None


@contextmanager
def _mapped(folder: Path) -> Iterator[None]:
    """Tantivy raises ValueError and OSError for all that can go wrong with its files."""
    try:
        yield
    except (ValueError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise HomeError(
            f"The keyword index {folder} cannot be used ({reason}). "
            f"Rebuild it with: dateline repair --home {folder.parent.parent}"
        ) from error


def _schema() -> "Schema":
    from tantivy import SchemaBuilder

    return (
        SchemaBuilder()
        .add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        .add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        .add_text_field("title", tokenizer_name="whitespace", index_option="freq")
        .add_text_field("publisher", tokenizer_name="raw", index_option="basic")
        .add_integer_field("published", indexed=True, fast=True)
        .build()
    )


def _made(document: Document) -> "TantivyDocument":
    from tantivy import Document as TantivyDocument

    made = TantivyDocument()
    made.add_text("id", document.id)
    made.add_text("body", " ".join(document.body))
    made.add_text("title", " ".join(document.title))
    made.add_text("publisher", document.publisher)
    if document.published is not None:
        made.add_integer("published", document.published)
    return made


class TermIndex:
    """An open index; a term in a document's title counts `title_weight` of one in its body."""

    def __init__(self, folder: Path, title_weight: float, *, create: bool = False) -> None:
        from tantivy import Index

        self._folder = folder
        self._title_weight = title_weight
        self._schema = _schema()
        self._writer: IndexWriter | None = None
        with _mapped(folder):
            if create:
                folder.mkdir(parents=True)
                self._index = Index(self._schema, path=str(folder))
            elif folder.is_dir():
                self._index = Index.open(str(folder))
            else:
                raise FileNotFoundError("it is missing")
            # The home says when something changed; watching the files would cost a thread.
            self._index.config_reader(reload_policy="manual")
            self._index.reload()

    def reload(self) -> None:
        """See what was committed since, also by another process."""
        with _mapped(self._folder):
            self._index.reload()

    def change(self, added: Iterable[Document], deleted: Iterable[str]) -> None:
        """Add documents, in place of those with their ids, and delete others, in one commit."""
        documents = list(added)
        with _mapped(self._folder):
            if self._writer is None:
                self._writer = self._index.writer(WRITER_BYTES, 1)
            for key in [*deleted, *(document.id for document in documents)]:
                self._writer.delete_documents_by_term("id", key)
            for document in documents:
                self._writer.add_document(_made(document))
            self._writer.commit()
            self._index.reload()

    def search(
        self, terms: Sequence[tuple[str, float]], top_k: int, filters: Filters | None = None
    ) -> list[tuple[str, float]]:
        """Ids and scores of the best documents with any of the weighted terms, best first."""
        with _mapped(self._folder):
            searcher = self._index.searcher()
            found = searcher.search(self._query(terms, filters), top_k, count=False)
            return [
                (str(searcher.doc(address)["id"][0]), float(score)) for score, address in found.hits
            ]

    def _query(self, terms: Sequence[tuple[str, float]], filters: Filters | None) -> "Query":
        from tantivy import Occur, Query

        words = []
        for term, weight in terms:
            for field, share in (("body", 1.0), ("title", self._title_weight)):
                query = Query.term_query(self._schema, field, term, "freq")
                words.append((Occur.Should, Query.boost_query(query, weight * share)))
        limits = [
            (Occur.Must, Query.const_score_query(limit, 0.0)) for limit in self._limits(filters)
        ]
        return Query.boolean_query([(Occur.Must, Query.boolean_query(words)), *limits])

    def _limits(self, filters: Filters | None) -> Iterator["Query"]:
        from tantivy import FieldType, Query

        if filters and filters.publishers:
            names = [publisher_key(name) for name in filters.publishers]
            yield Query.term_set_query(self._schema, "publisher", names)
        if filters and (filters.published_from or filters.published_to):
            yield Query.range_query(
                self._schema,
                "published",
                FieldType.Integer,
                date_number(filters.published_from) if filters.published_from else None,
                date_number(filters.published_to) if filters.published_to else None,
            )

    def ids(self) -> set[str]:
        """The ids of all documents."""
        from tantivy import Query

        with _mapped(self._folder):
            searcher = self._index.searcher()
            count = max(searcher.num_docs, 1)
            found = searcher.search(Query.all_query(), count, count=False)
            return {str(searcher.doc(address)["id"][0]) for _, address in found.hits}

    def count(self) -> int:
        """How many documents the index holds."""
        return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """Finish background work and let the files go."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with _mapped(self._folder):
                writer.wait_merging_threads()
