"""LlamaIndex's two usual ways to retrieve, as its documentation sets them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import NodeWithScore

from benchmarks.retrieval import DEPTH
from index.article import Article
from index.llamaindex import BundledEmbedding
from rag.evaluation.locate import Place


@dataclass(frozen=True, slots=True)
class Setting:
    """Tokens (cl100k_base) of a chunk and of the overlap with the next, passages handed over."""

    tokens: int
    overlap: int
    top_k: int

    def __str__(self) -> str:
        return f"{self.tokens}, {self.overlap}"


DEFAULT = Setting(1024, 200, 2)  # LlamaIndex's own defaults
SMALL = Setting(256, 20, 5)


class QuickStart:
    """`VectorStoreIndex.from_documents`, saved with `persist`; titles go in as metadata."""

    base = None

    def __init__(self, articles: Sequence[Article], setting: Setting, folder: Path) -> None:
        self.name = f"LlamaIndex quick start, {setting.tokens}"
        self.chunking = str(setting)
        self.top_k = setting.top_k
        self._setting = setting
        self._articles = articles
        self._folder = folder
        self._retriever = cache(self._open)

    def ingest(self) -> None:
        """Split, embed and save."""
        self.index = VectorStoreIndex.from_documents(
            [_document(article) for article in self._articles],
            embed_model=BundledEmbedding(),
            transformations=[
                SentenceSplitter(
                    chunk_size=self._setting.tokens, chunk_overlap=self._setting.overlap
                )
            ],
        )
        self.index.storage_context.persist(str(self._folder))

    def search(self, question: str, depth: int) -> list[Place]:
        """The places of the passages found, best first."""
        return [_place(found) for found in self._retriever(depth).retrieve(question)]

    def _open(self, depth: int) -> BaseRetriever:
        return self.index.as_retriever(similarity_top_k=depth)

    def chunk_count(self) -> int:
        """How many chunks it searches."""
        return len(self.index.docstore.docs)

    def size(self) -> int:
        """Bytes on disk."""
        return _size(self._folder)


class Hybrid:
    """BM25 beside a quick start's index, fused by reciprocal rank; no model rewrites the question.

    Each search gives `DEPTH` passages to the fusion, whose MRR is no lower so than with fewer.
    """

    def __init__(self, base: QuickStart, folder: Path) -> None:
        self.name = base.name.replace("quick start", "hybrid")
        self.chunking = base.chunking
        self.top_k = base.top_k
        self.base = base
        self._folder = folder
        self._retriever = cache(self._open)

    def ingest(self) -> None:
        """Count the words of the chunks of the base, which has been ingested, and save."""
        from llama_index.retrievers.bm25 import BM25Retriever

        self._keyword = BM25Retriever.from_defaults(
            docstore=self.base.index.docstore, similarity_top_k=min(DEPTH, self.chunk_count())
        )
        self._keyword.persist(str(self._folder), show_progress=False)

    def search(self, question: str, depth: int) -> list[Place]:
        """The places of the passages found, best first."""
        return [_place(found) for found in self._retriever(depth).retrieve(question)]

    def _open(self, depth: int) -> BaseRetriever:
        return QueryFusionRetriever(
            [self.base.index.as_retriever(similarity_top_k=DEPTH), self._keyword],
            llm=MockLLM(),  # never asked: one query is the question itself
            mode="reciprocal_rerank",
            similarity_top_k=depth,
            num_queries=1,
            use_async=False,
        )

    def chunk_count(self) -> int:
        """How many chunks it searches."""
        return self.base.chunk_count()

    def size(self) -> int:
        """Bytes on disk, the base's index included."""
        return self.base.size() + _size(self._folder)


def _document(article: Article) -> Document:
    title = article.metadata.title
    return Document(id_=article.id, text=article.text, metadata={"title": title} if title else {})


def _place(found: NodeWithScore) -> Place:
    node = found.node
    if node.start_char_idx is None or node.end_char_idx is None:
        raise RuntimeError(f"a chunk of {node.ref_doc_id} has no place in its article")
    return Place(node.ref_doc_id, node.start_char_idx, node.end_char_idx)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
