"""Order passages anew by a model that reads question and passage together."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.errors import ModelError, UsageError
from rag.reader_model import read_pairs

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

TRAINED, NONE, ONNX = "trained", "none", "onnx:"
DEPTH = 50  # passages that are ordered anew
MOST_TOKENS = 512  # of a pair, for a model of the user's own
BATCH = 16


class Reranker(Protocol):
    """Scores passages for a question; replaceable."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score for each passage; higher is better, the scale is the model's own."""
        ...


class TrainedReranker:
    """The relevance head of the trained reader: log-odds that a passage answers."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Raises ModelError when the weights cannot be used."""
        readings = read_pairs([(question, passage) for passage in passages])
        return [reading.relevance for reading in readings]


class OnnxReranker:
    """A cross-encoder exported to ONNX: a folder with model.onnx and tokenizer.json.

    Its first output is (pairs, 1) or (pairs, 2) logits, as exporters of cross-encoders write it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise UsageError(f"The reranker {folder} has no {name}. Export the model to ONNX.")

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            session = onnxruntime.InferenceSession(
                self._folder / "model.onnx", providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:
            reason = str(error).partition("\n")[0]
            raise ModelError(
                f"The reranker {self._folder} cannot be opened ({reason}). Export it again."
            ) from error
        tokenizer.enable_truncation(MOST_TOKENS, strategy="longest_first")
        tokenizer.enable_padding()
        return session, tokenizer

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One logit for each passage. Raises ModelError when the model cannot be opened."""
        session, tokenizer = self._parts
        found: list[float] = []
        for first in range(0, len(passages), BATCH):
            encodings = tokenizer.encode_batch(
                [(question, passage) for passage in passages[first : first + BATCH]]
            )
            columns = {
                "input_ids": [one.ids for one in encodings],
                "attention_mask": [one.attention_mask for one in encodings],
                "token_type_ids": [one.type_ids for one in encodings],
            }
            taken = {one.name for one in session.get_inputs()}
            fed = {k: np.array(v, dtype=np.int64) for k, v in columns.items() if k in taken}
            found += [float(row[-1]) for row in session.run(None, fed)[0]]
        return found


class LlamaIndexReranker:
    """Any LlamaIndex postprocessor that sets the scores of nodes."""

    def __init__(self, postprocessor: "BaseNodePostprocessor") -> None:
        self._postprocessor = postprocessor

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """The scores that the nodes come back with; what does not come back is last."""
        from llama_index.core.schema import NodeWithScore, TextNode

        nodes = [
            NodeWithScore(node=TextNode(id_=str(number), text=passage), score=0.0)
            for number, passage in enumerate(passages)
        ]
        kept = self._postprocessor.postprocess_nodes(nodes, query_str=question)
        known = {int(node.node.node_id): float(node.score or 0.0) for node in kept}
        last = min(known.values(), default=0.0) - 1.0
        return [known.get(number, last) for number in range(len(passages))]


def open_reranker(
    spec: "str | Reranker | BaseNodePostprocessor | None" = None,
) -> Reranker | None:
    """The reranker for a spec: None or "none", "trained", "onnx:FOLDER", or an object.

    Raises UsageError for an unknown spec or a folder without a model.
    """
    if spec is None:
        return None
    if not isinstance(spec, str):
        return spec if hasattr(spec, "scores") else LlamaIndexReranker(spec)
    if spec in {"", NONE}:
        return None
    if spec == TRAINED:
        return TrainedReranker()
    if spec.startswith(ONNX):
        return OnnxReranker(Path(spec.removeprefix(ONNX)))
    raise UsageError(f"Unknown reranker {spec!r}. Use {TRAINED!r}, '{ONNX}FOLDER' or 'none'.")
