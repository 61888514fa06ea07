"""The trained reader: its weights, its windows, its verdicts, and what replaces it."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from onnx import TensorProto, helper
from tokenizers import Tokenizer, models, pre_tokenizers

import rag
from index.errors import ModelError, UsageError
from rag import reader_model
from rag.checking.support import ModelChecker, windows
from rag.engine import QueryEngine
from rag.reader_model import read_pairs
from rag.readers import open_reader
from rag.rerank import TrainedReranker, open_reranker
from tests.conftest import ROOT
from tests.test_engine import UN_QUESTION

PASSAGE = (
    "The ferry left the harbour at noon. The United Nations estimated that 20,000 foreign fighters "
    "were in the country. Rain is expected on Sunday."
)


@pytest.fixture
def fresh_model():
    """The model as opened anew, before and after a test that tampers with it."""
    for opened in (reader_model._model, reader_model.settings):
        opened.cache_clear()
    yield
    for opened in (reader_model._model, reader_model.settings):
        opened.cache_clear()


def span(question: str, passage: str) -> str:
    (reading,) = read_pairs([(question, passage)])
    found = reading.best_span(0, len(passage))
    assert found is not None
    return passage[found.start : found.end]


def test_it_finds_the_words_that_answer():
    assert "20,000" in span("How many foreign fighters did the UN estimate?", PASSAGE)
    assert span("When did the ferry leave?", PASSAGE) == "noon"


def test_what_answers_is_more_relevant_than_what_does_not():
    question = "How many foreign fighters did the UN estimate?"
    scores = TrainedReranker().scores(question, ["Rain is expected on Sunday.", PASSAGE])
    assert scores[1] > scores[0] + 2


def test_a_pair_is_judged_alike_whatever_is_read_beside_it():
    pairs = [("Who spoke?", PASSAGE * n) for n in (1, 2, 1)] + [("When did the ferry leave?", "x")]
    together = read_pairs(pairs)
    for pair, found in zip(pairs, together, strict=True):
        (alone,) = read_pairs([pair])
        assert alone.offsets.tolist() == found.offsets.tolist()
        assert found.relevance == alone.relevance


def test_a_passage_longer_than_the_window_is_read_to_its_end():
    filler = "The council met and nothing was decided at all that day. " * 60
    passage = filler + "The bridge was built by Marta Olsen. " + filler
    assert span("Who built the bridge?", passage) == "Marta Olsen"


@pytest.mark.parametrize(
    "pair",
    [
        ("", ""),
        ("Who?", ""),
        ("", PASSAGE),
        ("Who? " * 30_000, PASSAGE),
        ("谁建造了这座桥？", "这座桥由工程师建造。"),
        ("من بنى الجسر؟", "\u202eبنى المهندس الجسر"),
        ("Who?", "\x00\ud800 \U0001f600" * 50),
    ],
)
def test_odd_texts_give_a_reading(pair):
    (reading,) = read_pairs([pair])
    assert np.isfinite(reading.relevance)
    assert reading.relation.sum() == pytest.approx(1, abs=1e-5)
    assert len(reading.starts) == len(reading.ends) == len(reading.offsets)
    assert all(0 <= start < end <= len(pair[1]) for start, end in reading.offsets)


def test_no_pairs_need_no_model():
    assert read_pairs([]) == []


# Its files


def test_altered_weights_are_refused_with_the_remedy(tmp_path, monkeypatch, fresh_model):
    altered = tmp_path / "reader.onnx"
    content = bytearray(reader_model.MODEL.read_bytes())
    content[len(content) // 2] ^= 1
    altered.write_bytes(content)
    monkeypatch.setattr(reader_model, "MODEL", altered)
    with pytest.raises(
        ModelError, match=r"not the published ones\. Install dateline again, or set"
    ):
        read_pairs([("Who?", "Nobody.")])


@pytest.mark.parametrize("content", [None, b"", b"\x08\x09"])
def test_missing_or_cut_weights_are_refused(tmp_path, monkeypatch, fresh_model, content):
    path = tmp_path / "reader.onnx"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(reader_model, "MODEL", path)
    with pytest.raises(ModelError, match="DATELINE_READER=features"):
        read_pairs([("Who?", "Nobody.")])


def test_unreadable_settings_are_refused(tmp_path, monkeypatch, fresh_model):
    path = tmp_path / "reader.json"
    path.write_text("{")
    monkeypatch.setattr(reader_model, "SETTINGS", path)
    with pytest.raises(ModelError, match="settings cannot be read"):
        read_pairs([("Who?", "Nobody.")])


def test_the_files_are_small_and_belong_together():
    assert reader_model.MODEL.stat().st_size < 25_000_000
    assert set(json.loads(reader_model.SETTINGS.read_text())) == {
        *("sha256", "answers", "threshold", "support")
    }


def test_only_the_spec_that_allows_it_falls_back(tmp_path, monkeypatch, fresh_model):
    home = tmp_path / "home"
    with rag.connect(home) as engine:
        engine.ingest([ROOT / "samples" / "articles"])
    monkeypatch.setattr(reader_model, "MODEL", tmp_path / "missing.onnx")
    with rag.connect(home) as engine, pytest.raises(ModelError, match="cannot be read"):
        engine.ask(UN_QUESTION)
    for spec in ("features", "trained-or-features"):
        with rag.connect(home, reader=spec) as engine:
            assert engine.ask(UN_QUESTION).passages


def test_an_unknown_spec_names_the_known_ones():
    with pytest.raises(UsageError, match="'trained', 'features' or 'trained-or-features'"):
        open_reader("bert")
    with pytest.raises(UsageError, match="'trained', 'onnx:FOLDER' or 'none'"):
        open_reranker("bert")
    with pytest.raises(UsageError, match=r"has no model\.onnx"):
        open_reranker("onnx:nowhere")


# Support


def test_a_claim_is_supported_where_its_words_are_others():
    (verdict,) = ModelChecker().check_all(
        [("There were 20,000 foreign fighters in the country, the UN estimated.", PASSAGE)]
    )
    assert verdict.support == "supported"
    assert "20,000" in PASSAGE[verdict.span.start : verdict.span.end]


@pytest.mark.parametrize(
    "claim",
    [
        "The UN estimated that 30,000 foreign fighters were in the country.",
        "The European Union estimated that 20,000 foreign fighters were in the country.",
        "Snow is expected on Monday.",
    ],
)
def test_another_figure_name_or_day_is_not_supported(claim):
    (verdict,) = ModelChecker().check_all([(claim, PASSAGE)])
    assert verdict.support == "unsupported"
    assert verdict.missing


@pytest.mark.parametrize("claim", ["", "   ", "word " * 20_000])
def test_a_claim_that_is_none_or_too_long_is_not_supported(claim):
    (verdict,) = ModelChecker().check_all([(claim, PASSAGE)])
    assert (verdict.support, verdict.probability) == ("unsupported", 0.0)


def test_no_evidence_supports_nothing():
    (verdict,) = ModelChecker().check_all([("Rain is expected.", "")])
    assert verdict.support == "unsupported"


def test_windows_cover_every_sentence_in_runs():
    evidence = "".join(f"This is sentence number {n} of the text. " for n in range(60))
    found = windows(evidence)
    assert found[0].start == 0
    assert found[-1].end >= len(evidence.rstrip())
    assert all(span.end - span.start <= 480 for span in found)
    assert all(later.start <= earlier.end for earlier, later in pairwise(found))


# Rerankers


def cross_encoder(folder: Path) -> None:
    """A model that scores a pair by its number of tokens."""
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "t"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 1])
    axis = helper.make_tensor("axis", TensorProto.INT64, [1], [1])
    nodes = [
        helper.make_node("Cast", ["attention_mask"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["float", "axis"], ["logits"], keepdims=1),
    ]
    graph = helper.make_graph(nodes, "lengths", [ids, mask], [logits], [axis])
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), folder / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def test_any_onnx_cross_encoder_can_rerank(tmp_path):
    cross_encoder(tmp_path)
    reranker = open_reranker(f"onnx:{tmp_path}")
    assert reranker is not None
    assert reranker.scores("who", ["one two", "one", "one two three"]) == [3.0, 2.0, 4.0]


def test_a_broken_cross_encoder_is_refused(tmp_path):
    cross_encoder(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"none")
    reranker = open_reranker(f"onnx:{tmp_path}")
    assert reranker is not None
    with pytest.raises(ModelError, match="cannot be opened"):
        reranker.scores("who", ["one"])


class Shortest(BaseNodePostprocessor):
    """Prefers short passages and drops the longest."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        for node in nodes:
            node.score = -float(len(node.node.get_content()))
        return sorted(nodes, key=lambda node: -(node.score or 0))[:-1]


def test_a_llamaindex_postprocessor_can_rerank(samples: QueryEngine):
    reranker = open_reranker(Shortest())
    assert reranker is not None
    assert reranker.scores("who", ["aaa", "a", "aaaaa"]) == [-3.0, -1.0, -4.0]


def test_reranked_passages_are_those_of_the_pool_in_another_order(samples: QueryEngine):
    class Last:
        """Prefers the passages that came last."""

        def scores(self, question: str, passages: list[str]) -> list[float]:
            return [float(100 * place) for place in range(len(passages))]

    plain = QueryEngine(samples._home, samples._reader).retrieve(UN_QUESTION, 50)
    turned = QueryEngine(samples._home, samples._reader, Last()).retrieve(UN_QUESTION, 50)
    assert {p.text for p in plain} == {p.text for p in turned}
    assert [p.text for p in plain] != [p.text for p in turned]
    assert [p.score for p in turned] == sorted((p.score for p in turned), reverse=True)
