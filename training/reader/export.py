"""Write the trained reader as ONNX: `rag/reader.onnx`, eight-bit weights, heads included.

The word and position tables are not in the file: they name byte ranges of the published
`model.safetensors`, which the product has and checks. Each layer's weights are quantised by
column to seven bits (so that processors without VNNI cannot overflow), its inputs at run time
(`DynamicQuantizeMatMul` of ONNX Runtime).
"""

import json
import struct
from pathlib import Path

import numpy as np
import torch
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, save

from tools.build_minilm_graph import external_tensor
from training.reader.model import EPSILON, HEADS, LAYERS

MICROSOFT = "com.microsoft"
LIMIT = 63  # the largest quantised weight
TABLES = {
    "words": "embeddings.word_embeddings.weight",
    "positions": "embeddings.position_embeddings.weight",
}


def tables(published: Path) -> list[TensorProto]:
    """The frozen embedding tables, by reference."""
    with published.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return [external_tensor(ours, header[theirs], 8 + size) for ours, theirs in TABLES.items()]


class Graph:
    """Collects the nodes and weights of the network."""

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        self.weights = {name: value.float().numpy() for name, value in weights.items()}
        self.nodes: list[NodeProto] = []
        self.initializers: list[TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        """A weight stored in the file."""
        self.initializers.append(numpy_helper.from_array(value, name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        """One operator with one output; fused ones are ONNX Runtime's own."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def dense(self, source: str, name: str, output: str) -> str:
        """A fully connected layer with quantised weights."""
        weight = self.weights[f"{name}.weight"].T
        scale = np.maximum(np.abs(weight).max(axis=0) / LIMIT, 1e-12).astype(np.float32)
        rounded = np.clip(np.round(weight / scale), -LIMIT, LIMIT).astype(np.int8)
        inputs = [
            source,
            self.constant(f"{name}.weight", rounded),
            self.constant(f"{name}.scale", scale),
            "",
            self.constant(f"{name}.bias", self.weights[f"{name}.bias"]),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, output, domain=MICROSOFT)

    def norm(self, source: str, skip: str, name: str, output: str) -> str:
        """Residual sum and layer normalisation in one operator."""
        weights = [self.constant(f"{name}.{k}", self.weights[f"{name}.{k}"]) for k in _NORM]
        return self.node(
            "SkipLayerNormalization",
            [source, skip, *weights],
            output,
            domain=MICROSOFT,
            epsilon=EPSILON,
        )


_NORM = ("weight", "bias")


def _layer(graph: Graph, number: int, source: str) -> str:
    name, tag = f"layers.{number}", f"l{number}."
    joint = graph.dense(source, f"{name}.joint", tag + "joint")
    parts = [tag + part for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [joint], parts, axis=2, num_outputs=3))
    graph.node(
        "MultiHeadAttention",
        [*parts, "", "mask"],
        tag + "found",
        domain=MICROSOFT,
        num_heads=HEADS,
    )
    mixed = graph.dense(tag + "found", f"{name}.mixed", tag + "mixed")
    middle = graph.norm(mixed, source, f"{name}.norm1", tag + "middle")
    wide = graph.dense(middle, f"{name}.wide", tag + "wide")
    active = graph.node("Gelu", [wide], tag + "active", domain=MICROSOFT)
    narrow = graph.dense(active, f"{name}.narrow", tag + "narrow")
    return graph.norm(narrow, middle, f"{name}.norm2", f"states{number + 1}")


def _plain(graph: Graph, source: str, name: str, output: str) -> str:
    """A head: small, so in full precision."""
    weight = graph.constant(f"{name}.weight", graph.weights[f"{name}.weight"].T.copy())
    bias = graph.constant(f"{name}.bias", graph.weights[f"{name}.bias"])
    return graph.node("Add", [graph.node("MatMul", [source, weight], output + "_"), bias], output)


def build(weights: dict[str, torch.Tensor], published: Path) -> ModelProto:
    """Token ids, segment numbers and mask in; span, relevance and relation scores out."""
    graph = Graph(weights)
    graph.initializers += tables(published)
    kinds = graph.constant("kinds", graph.weights["kinds.weight"])
    norm = [graph.constant(f"norm.{kind}", graph.weights[f"norm.{kind}"]) for kind in _NORM]
    graph.nodes.append(
        helper.make_node(
            "EmbedLayerNormalization",
            ["ids", "segments", "words", "positions", kinds, *norm],
            ["states0", "unused"],
            domain=MICROSOFT,
            epsilon=EPSILON,
        )
    )
    states = "states0"
    for number in range(LAYERS):
        states = _layer(graph, number, states)
    _plain(graph, states, "span", "spans")
    index = graph.constant("first", np.array(0, dtype=np.int64))
    first = graph.node("Gather", [states, index], "first_states", axis=1)
    _plain(graph, first, "relevance", "relevance")
    _plain(graph, first, "relation", "relation")
    pair = ["pairs", "tokens"]
    made = helper.make_graph(
        graph.nodes,
        "dateline-reader",
        [
            helper.make_tensor_value_info(n, TensorProto.INT32, pair)
            for n in ("ids", "segments", "mask")
        ],
        [
            helper.make_tensor_value_info("spans", TensorProto.FLOAT, [*pair, 2]),
            helper.make_tensor_value_info("relevance", TensorProto.FLOAT, ["pairs", 1]),
            helper.make_tensor_value_info("relation", TensorProto.FLOAT, ["pairs", 3]),
        ],
        graph.initializers,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def export(weights: dict[str, torch.Tensor], published: Path, target: Path) -> None:
    """Write the model."""
    save(build(weights, published), target)
