"""The reader's network: all-MiniLM-L6-v2's encoder with four heads.

One pass over (question or claim, passage) gives a start and an end score for each token, a score
that the passage answers, and three scores for support of a claim. The word embeddings stay as
published, so the product reads them from the weights it has and ships only the layers and heads.
Architecture: BERT (Devlin et al. 2019); null answer at the first token (SQuAD 2.0 practice).
"""

from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
EPSILON = 1e-12  # of the published model's layer norms
RELATIONS = ("supported", "refuted", "neither")


class Scores(NamedTuple):
    """What one pass over a batch of B pairs, padded to T tokens, gives."""

    start: Tensor  # (B, T); the first token stands for "no answer here"
    end: Tensor  # (B, T)
    relevance: Tensor  # (B,)
    relation: Tensor  # (B, 3), in the order of RELATIONS


class Layer(nn.Module):
    """One transformer layer, normalised after each part as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.joint = nn.Linear(WIDTH, 3 * WIDTH)
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, EPSILON)
        self.wide = nn.Linear(WIDTH, INNER)
        self.narrow = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (B, T, W) and an additive mask (B, 1, 1, T) to states of the same shape."""
        batch, length, _ = states.shape
        joint = self.joint(states).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = joint.permute(2, 0, 3, 1, 4)
        # Written out: on CPUs faster than the fused call, and it exports to plain ONNX operators.
        weights = (query @ key.transpose(-1, -2)) * (WIDTH // HEADS) ** -0.5 + mask
        found = (weights.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, WIDTH)
        states = self.norm1(states + self.dropout(self.mixed(found)))
        inner = self.narrow(functional.gelu(self.wide(states)))
        return self.norm2(states + self.dropout(inner))


class ReaderNetwork(nn.Module):
    """The encoder and its heads; the embedding tables take no gradient."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.kinds = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.span = nn.Linear(WIDTH, 2)
        self.relevance = nn.Linear(WIDTH, 1)
        self.relation = nn.Linear(WIDTH, len(RELATIONS))
        self.dropout = nn.Dropout(dropout)
        for table in (self.words, self.positions):
            table.weight.requires_grad_(False)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> Scores:
        """Token ids, segment numbers and attention mask, each (B, T), to Scores."""
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.words(ids) + self.positions(places) + self.kinds(kinds)
        states = self.dropout(self.norm(states))
        away = (1.0 - mask[:, None, None, :].to(states.dtype)) * -1e4
        for layer in self.layers:
            states = layer(states, away.to(states.dtype))
        start, end = self.span(states).float().unbind(-1)
        outside = (1.0 - mask.float()) * -1e4
        first = states[:, 0]
        return Scores(
            start + outside,
            end + outside,
            self.relevance(first).float().squeeze(-1),
            self.relation(first).float(),
        )


def _published(weights: dict[str, Tensor], layer: int) -> dict[str, Tensor]:
    prefix = f"encoder.layer.{layer}."
    parts = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
    names = {
        "mixed": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "wide": "intermediate.dense",
        "narrow": "output.dense",
        "norm2": "output.LayerNorm",
    }
    loaded = {}
    for kind in ("weight", "bias"):
        loaded[f"joint.{kind}"] = torch.cat([weights[f"{part}.{kind}"] for part in parts])
        for ours, theirs in names.items():
            loaded[f"{ours}.{kind}"] = weights[f"{prefix}{theirs}.{kind}"]
    return loaded


def start_from(folder: Path, dropout: float = 0.1) -> ReaderNetwork:
    """The published encoder with fresh heads; `folder` holds model.safetensors."""
    weights = load_file(folder / "model.safetensors")
    network = ReaderNetwork(dropout)
    tables = {"words": "word", "positions": "position", "kinds": "token_type"}
    for ours, theirs in tables.items():
        getattr(network, ours).weight.data.copy_(weights[f"embeddings.{theirs}_embeddings.weight"])
    network.norm.weight.data.copy_(weights["embeddings.LayerNorm.weight"])
    network.norm.bias.data.copy_(weights["embeddings.LayerNorm.bias"])
    for number, layer in enumerate(network.layers):
        layer.load_state_dict(_published(weights, number))
    return network
