"""Examples as padded tensors: pairs of texts tokenised, answers as token places."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from training.reader.data import Example

MAX_TOKENS = 256  # what the published encoder was trained on
BATCH_TOKENS = 4096  # padding included
STEP = 16  # pairs are padded to a multiple of it: few shapes, so few compiled kernels to keep
POOL = 64  # batches' worth of pairs sorted by length together
NOWHERE = -100  # a target that asks nothing of its head


@dataclass(frozen=True, slots=True)
class Batch:
    """B pairs padded to T tokens, and what each head should say (NOWHERE where not asked)."""

    ids: Tensor
    kinds: Tensor
    mask: Tensor
    start: Tensor
    end: Tensor
    answers: Tensor  # 1.0, 0.0, or -1.0 where not asked
    relation: Tensor


def open_tokenizer(folder: Path) -> Tokenizer:
    """The published word pieces, cutting the passage, not the question, at MAX_TOKENS."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    return tokenizer


def _token_span(encoding: Encoding, span: tuple[int, int]) -> tuple[int, int] | None:
    inside = [
        place
        for place, (kind, (start, end)) in enumerate(
            zip(encoding.type_ids, encoding.offsets, strict=True)
        )
        if kind == 1 and start < span[1] and end > span[0]
    ]
    return (inside[0], inside[-1]) if inside else None


def _target(example: Example, encoding: Encoding) -> tuple[int, int]:
    if not example.reads:
        return NOWHERE, NOWHERE
    if example.span is None:
        return 0, 0
    return _token_span(encoding, example.span) or (NOWHERE, NOWHERE)


def collate(examples: Sequence[Example], encodings: Sequence[Encoding]) -> Batch:
    """One batch, padded to its longest pair."""
    longest = -(-max(len(one.ids) for one in encodings) // STEP) * STEP

    def padded(values: Sequence[Sequence[int]]) -> Tensor:
        return torch.tensor([[*one, *[0] * (longest - len(one))] for one in values])

    spans = [_target(one, code) for one, code in zip(examples, encodings, strict=True)]
    return Batch(
        padded([one.ids for one in encodings]),
        padded([one.type_ids for one in encodings]),
        padded([one.attention_mask for one in encodings]),
        torch.tensor([start for start, _ in spans]),
        torch.tensor([end for _, end in spans]),
        torch.tensor([-1.0 if one.answers is None else float(one.answers) for one in examples]),
        torch.tensor([NOWHERE if one.relation is None else one.relation for one in examples]),
    )


def batches(examples: Sequence[Example], tokenizer: Tokenizer, seed: int) -> list[list[int]]:
    """Numbers of examples to go together: of like length, in an order fixed by the seed."""
    lengths = [min(MAX_TOKENS, (len(one.asked) + len(one.passage)) // 4 + 3) for one in examples]
    pool = POOL * BATCH_TOKENS // 100
    found: list[list[int]] = []
    for first in range(0, len(examples), pool):
        numbers = sorted(range(first, min(first + pool, len(examples))), key=lambda n: lengths[n])
        batch: list[int] = []
        for number in numbers:
            padded = -(-lengths[number] // STEP) * STEP
            if batch and (len(batch) + 1) * padded > BATCH_TOKENS:
                found.append(batch)
                batch = []
            batch.append(number)
        found.append(batch)
    random.Random(seed).shuffle(found)
    return found


def encoded(
    examples: Sequence[Example], order: Sequence[Sequence[int]], tokenizer: Tokenizer
) -> Iterator[Batch]:
    """The batches one after another."""
    for numbers in order:
        chosen = [examples[number] for number in numbers]
        codes = tokenizer.encode_batch([(one.asked, one.passage) for one in chosen])
        yield collate(chosen, codes)
