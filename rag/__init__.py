"""Ask a collection of news articles; every sentence of the answer cites exact words.

import rag

engine = rag.connect("path/to/home")
engine.ingest(["articles/"])
answer = engine.ask("How many foreign fighters did the UN estimate?")
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from rag.engine import QueryEngine
    from rag.llms.options import LLMOptions
    from rag.read import Reader
    from rag.rerank import Reranker


def connect(
    home: str | Path,
    llm: "str | LLM | None" = None,
    embedding: "str | BaseEmbedding | None" = None,
    chroma_url: str | None = None,
    today: "date | None" = None,
    reader: "str | Reader | None" = None,
    reranker: "str | Reranker | BaseNodePostprocessor | None" = None,
    strict: bool = False,
    llm_options: "LLMOptions | None" = None,
) -> "QueryEngine":
    """Open a home folder, which may not exist yet, as a QueryEngine (also a context manager).

    `llm` writes the answers: a spec ("openai/MODEL", "ollama/MODEL", "http://host:port/v1#MODEL")
    or a LlamaIndex LLM; with None or "extractive" answers quote. Each sentence it writes is checked
    against what it cites; `strict` leaves out what is not supported instead of marking it.
    `llm_options` gives a spec its keys, patience and context; None means the environment's.
    `embedding` is a spec, a LlamaIndex embedding or
    None for the bundled model. `chroma_url` names a Chroma server to use instead of the embedded
    one. `today` is the day on which questions are asked, None for the current one: a question of
    the present prefers what was new then. Raises HomeError when the home cannot be used and
    LLMError for a model that cannot.

    `reader` chooses the words that answer: None or "trained", "features" (no model),
    "trained-or-features" (no model where its weights cannot be used), or a `rag.read.Reader`.
    `reranker` orders passages anew: None, "trained", "onnx:FOLDER" (a cross-encoder exported to
    ONNX), a LlamaIndex postprocessor or a `rag.rerank.Reranker`. UsageError for any other.
    """
    from rag.engine import connect as open_engine

    return open_engine(
        home, llm, embedding, chroma_url, today, reader, reranker, strict, llm_options
    )
