"""The bundled embedder inside LlamaIndex."""

import numpy as np

from index.embed import Passage
from index.llamaindex import BundledEmbedding
from index.minilm import MiniLM

TEXTS = ["The bakery won a prize for its bread.", "Parliament adjourned without a vote."]


def test_it_gives_the_bundled_vectors() -> None:
    embedding = BundledEmbedding()
    wanted = [found.vector for found in MiniLM().embed_passages([Passage(t, ()) for t in TEXTS])]
    np.testing.assert_array_equal(embedding.get_text_embedding_batch(TEXTS), wanted)
    np.testing.assert_allclose(embedding.get_text_embedding(TEXTS[0]), wanted[0], atol=1e-6)
    np.testing.assert_allclose(embedding.get_query_embedding(TEXTS[1]), wanted[1], atol=1e-6)


def test_a_llamaindex_index_uses_it() -> None:
    from llama_index.core import Document, VectorStoreIndex

    documents = [Document(text=text) for text in TEXTS]
    index = VectorStoreIndex.from_documents(documents, embed_model=BundledEmbedding())
    (found,) = index.as_retriever(similarity_top_k=1).retrieve("Who baked the best loaf?")
    assert found.node.get_content() == TEXTS[0]
