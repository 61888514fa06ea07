"""Write `index/minilm.onnx`: the all-MiniLM-L6-v2 computation without its weights.

The graph names each weight as external data at its byte offset in the published
`model.safetensors`, so the product ships a few kilobytes and reads the weights from the package
that carries them. Fused BERT operators of ONNX Runtime (`com.microsoft`) are written directly.

Run: `python tools/build_minilm_graph.py path/to/model.safetensors` (needs the `onnx` package).
"""

import json
import struct
import sys
from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper, save

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
MICROSOFT = "com.microsoft"
TARGET = Path(__file__).parent.parent / "index" / "minilm.onnx"
TYPES = {"F32": TensorProto.FLOAT}


def external_tensor(name: str, entry: dict, start: int) -> TensorProto:
    """A float tensor whose bytes lie in the safetensors file, `start` bytes after its header."""
    first, last = entry["data_offsets"]
    tensor = TensorProto(name=name, dims=entry["shape"], data_type=TYPES[entry["dtype"]])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (
        ("location", "model.safetensors"),
        ("offset", start + first),
        ("length", last - first),
    ):
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def dense(source: str, name: str, target: str) -> NodeProto:
    """A fully connected layer over rows of tokens; PyTorch keeps the weight transposed."""
    return helper.make_node("Gemm", [source, f"{name}.weight", f"{name}.bias"], [target], transB=1)


def skip_norm(source: str, skip: str, name: str, target: str) -> NodeProto:
    """Residual sum and layer normalisation in one operator."""
    weights = [f"{name}.weight", f"{name}.bias"]
    return helper.make_node(
        "SkipLayerNormalization",
        [source, skip, *weights],
        [target],
        domain=MICROSOFT,
        epsilon=EPSILON,
    )


def layer_nodes(number: int, source: str) -> list[NodeProto]:
    """One transformer layer from rows of tokens `source` to rows named `hidden{number + 1}`."""
    prefix, tag = f"encoder.layer.{number}", f"l{number}."
    nodes = []
    for part in ("query", "key", "value"):
        nodes.append(dense(source, f"{prefix}.attention.self.{part}", tag + part + "_rows"))
        nodes.append(helper.make_node("Reshape", [tag + part + "_rows", "grid"], [tag + part]))
    attention_inputs = [tag + "query", tag + "key", tag + "value", "", "attention_mask"]
    nodes += [
        helper.make_node(
            "MultiHeadAttention",
            attention_inputs,
            [tag + "context"],
            domain=MICROSOFT,
            num_heads=HEADS,
        ),
        helper.make_node("Reshape", [tag + "context", "rows"], [tag + "context_rows"]),
        dense(tag + "context_rows", f"{prefix}.attention.output.dense", tag + "attended"),
        skip_norm(tag + "attended", source, f"{prefix}.attention.output.LayerNorm", tag + "middle"),
        dense(tag + "middle", f"{prefix}.intermediate.dense", tag + "wide"),
        helper.make_node("Gelu", [tag + "wide"], [tag + "active"], domain=MICROSOFT),
        dense(tag + "active", f"{prefix}.output.dense", tag + "narrow"),
        skip_norm(
            tag + "narrow", tag + "middle", f"{prefix}.output.LayerNorm", f"hidden{number + 1}"
        ),
    ]
    return nodes


def build(weights: Path) -> ModelProto:
    """The whole model: token ids and mask in, one vector for each token out."""
    with weights.open("rb") as file:
        (header_bytes,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_bytes))
    used = [k for k in header if k.startswith(("embeddings.", "encoder.")) and "ids" not in k]
    initializers = [external_tensor(k, header[k], 8 + header_bytes) for k in used]
    initializers.append(helper.make_tensor("rows", TensorProto.INT64, [2], [-1, WIDTH]))
    initializers.append(helper.make_tensor("width", TensorProto.INT64, [1], [WIDTH]))
    embeddings = ["word_embeddings", "position_embeddings", "token_type_embeddings"]
    embedding_inputs = ["input_ids", "", *(f"embeddings.{e}.weight" for e in embeddings)]
    nodes = [
        helper.make_node(
            "EmbedLayerNormalization",
            [*embedding_inputs, "embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"],
            ["embedded", "mask_index"],
            domain=MICROSOFT,
            epsilon=EPSILON,
        ),
        helper.make_node("Shape", ["input_ids"], ["batch_shape"]),
        helper.make_node("Concat", ["batch_shape", "width"], ["grid"], axis=0),
        helper.make_node("Reshape", ["embedded", "rows"], ["hidden0"]),
    ]
    for number in range(LAYERS):
        nodes += layer_nodes(number, f"hidden{number}")
    nodes.append(helper.make_node("Reshape", [f"hidden{LAYERS}", "grid"], ["token_vectors"]))
    batch = ["batch", "tokens"]
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT32, batch),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT32, batch),
        ],
        [helper.make_tensor_value_info("token_vectors", TensorProto.FLOAT, [*batch, WIDTH])],
        initializers,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


if __name__ == "__main__":
    save(build(Path(sys.argv[1])), TARGET)
    print(f"wrote {TARGET.name}, {TARGET.stat().st_size} bytes")
