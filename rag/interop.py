"""The engine as LlamaIndex's retriever and query engine, to drop into programs that use LlamaIndex.

Nothing imports this module before it is asked for: LlamaIndex takes seconds to load.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from rag.answer import Answer, ArticleRef, Citation, Passage

_UNREAD = ("article_id", "start", "end", "number", "source", "url")  # for programs, not for models


class DatelineRetriever(BaseRetriever):
    """Finds passages; each node's `start` and `end` are its offsets in its article's text."""

    def __init__(self, retrieve: Callable[[str], Sequence[Passage]]) -> None:
        super().__init__()
        self._passages = retrieve

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._passages(query_bundle.query_str)
        return [NodeWithScore(node=_node(each), score=each.score) for each in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class DatelineQueryEngine(BaseQueryEngine):
    """Answers with cited sentences: `source_nodes` are the citations, in the order of their marks,
    and `metadata["answer"]` is the whole answer as `Answer.to_dict` gives it.
    """

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        super().__init__(callback_manager=None)
        self._ask = ask

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(self._ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)


def _response(answer: Answer) -> Response:
    cited = [NodeWithScore(node=_node(each, number=each.number)) for each in answer.citations]
    return Response(response=answer.text, source_nodes=cited, metadata={"answer": answer.to_dict()})


def _node(spot: Passage | Citation, **more: Any) -> TextNode:
    """A passage or a quote as a node; the same words of the same article have the same id."""
    words = spot.text if isinstance(spot, Passage) else spot.quote
    article = spot.article
    return TextNode(
        id_=f"{article.id}:{spot.start}-{spot.end}",
        text=words,
        start_char_idx=spot.start,
        end_char_idx=spot.end,
        metadata={**_fields(article), "start": spot.start, "end": spot.end, **more},
        excluded_llm_metadata_keys=list(_UNREAD),
        excluded_embed_metadata_keys=list(_UNREAD),
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=article.id)},
    )


def _fields(article: ArticleRef) -> dict[str, Any]:
    told = asdict(article)
    return {"article_id": told.pop("id"), **told}
