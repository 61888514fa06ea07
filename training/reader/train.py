"""Train the reader: `python -m training.reader.train ../shared/data/reader WORK`.

Resumes from the last checkpoint in WORK. On a GPU where there is one, in bfloat16 either way.
"""

import argparse
import math
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from index.minilm import weights_folder
from training.reader.data import Squad, training
from training.reader.model import ReaderNetwork, Scores, start_from
from training.reader.pairs import NOWHERE, Batch, batches, encoded, open_tokenizer

SEED = 0
RATE, WARM, DECAY = 2e-4, 0.04, 0.01
SHARE = 0.65  # of the SQuAD questions: what two cores can take in two hours
EVERY = 250  # steps between checkpoints


def _asked(loss: Tensor, wanted: Tensor) -> Tensor:
    """The mean over the pairs whose head is asked, weighed by their share of the batch."""
    return (loss * wanted).sum() / max(len(wanted), 1)


def loss_of(scores: Scores, batch: Batch) -> Tensor:
    """The heads' losses, each over the pairs that ask it."""
    reads = (batch.start != NOWHERE).float()
    judged = (batch.answers >= 0).float()
    related = (batch.relation != NOWHERE).float()

    def entropy(found: Tensor, target: Tensor) -> Tensor:
        return functional.cross_entropy(found, target, ignore_index=NOWHERE, reduction="none")

    span = (entropy(scores.start, batch.start) + entropy(scores.end, batch.end)) / 2
    answers = functional.binary_cross_entropy_with_logits(
        scores.relevance, batch.answers.clamp(min=0), reduction="none"
    )
    relation = entropy(scores.relation, batch.relation)
    return _asked(span, reads) + _asked(answers, judged) + _asked(relation, related)


def moved(batch: Batch, device: torch.device) -> Batch:
    """The batch on a device."""
    return Batch(*(getattr(batch, name).to(device) for name in Batch.__slots__))


def rate_at(step: int, steps: int) -> float:
    """The learning rate: linear up, linear down to nothing."""
    warm = max(1, int(WARM * steps))
    return RATE * min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))


def _save(path: Path, network: ReaderNetwork, optimiser: torch.optim.Optimizer, step: int) -> None:
    beside = path.with_suffix(".new")
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    torch.save(state, beside)
    beside.replace(path)


def train(data: Path, work: Path, share: float) -> None:
    """Train one pass over the examples; checkpoints and the log go to `work`."""
    torch.manual_seed(SEED)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    work.mkdir(parents=True, exist_ok=True)
    checkpoint = work / "checkpoint.pt"
    tokenizer = open_tokenizer(weights_folder())
    examples = training(data, Squad(data), share, SEED)
    order = batches(examples, tokenizer, SEED)
    network = start_from(weights_folder(), dropout=0.0).to(device)
    learnt = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=RATE, weight_decay=DECAY, fused=True)
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    network.train()
    began, mean = time.monotonic(), math.nan
    for step, batch in enumerate(encoded(examples, order[first:], tokenizer), start=first):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, len(order))
        batch = moved(batch, device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            scores = network(batch.ids, batch.kinds, batch.mask)
        loss = loss_of(scores, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        mean = loss.item() if math.isnan(mean) else 0.98 * mean + 0.02 * loss.item()
        if (step + 1) % 25 == 0:
            left = (time.monotonic() - began) / (step + 1 - first) * (len(order) - step - 1)
            print(
                f"step {step + 1}/{len(order)} loss {mean:.3f} left {left / 60:.0f} min", flush=True
            )
        if (step + 1) % EVERY == 0:
            _save(checkpoint, network, optimiser, step + 1)
    _save(checkpoint, network, optimiser, len(order))
    torch.save(network.state_dict(), work / "reader.pt")


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--share", type=float, default=SHARE)
    arguments = parser.parse_args()
    train(arguments.data, arguments.work, arguments.share)


if __name__ == "__main__":
    main()
