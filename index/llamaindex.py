"""The bundled embedder as a LlamaIndex embedding, for programs that use LlamaIndex.

    from index.llamaindex import BundledEmbedding

    VectorStoreIndex.from_documents(documents, embed_model=BundledEmbedding())

Nothing else here imports this module: LlamaIndex takes seconds to load.
"""

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import Field

from index.embed import Passage
from index.minilm import MiniLM


class BundledEmbedding(BaseEmbedding):
    """all-MiniLM-L6-v2 on ONNX Runtime: 384 dimensions, texts cut at 256 tokens."""

    model_name: str = MiniLM.name
    # LlamaIndex's 10 would fill less than one run of the model.
    embed_batch_size: int = Field(default=256, gt=0, le=2048)

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex stores its settings."""
        return "BundledEmbedding"

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        found = MiniLM().embed_passages([Passage(text, ()) for text in texts])
        return [each.vector.tolist() for each in found]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)
