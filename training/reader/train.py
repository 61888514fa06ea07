"""Train the network: some passes over the examples, resumed from the last checkpoint.

In bfloat16, on a GPU where there is one.
"""

import math
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from index.minilm import weights_folder
from training.reader.data import Example, Squad
from training.reader.mixture import training
from training.reader.model import ReaderNetwork, Scores, start_from
from training.reader.pairs import NOWHERE, Batch, batches, encoded, open_tokenizer

# Of each pass at its highest; every pass draws its own examples.
RATES = (2e-4, 1.2e-4, 1.5e-4, 1.5e-4, 1.5e-4, 1.5e-4)
# Which pass's weights are taken at which share; the rest is the pass before it.
READER, CHECKER = (5, 0.5), (3, 0.6)
WARM, DECAY = 0.04, 0.01
SHARE = 0.3  # of the SQuAD questions: a pass is then an hour and a quarter on two cores
EVERY = 250  # steps between checkpoints
SAID = 25  # steps between lines of progress


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


def share_of_rate(step: int, steps: int) -> float:
    """The share of the learning rate that a step has: linear up, linear down to nothing."""
    warm = max(1, int(WARM * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))


def _save(path: Path, network: ReaderNetwork, optimiser: torch.optim.Optimizer, step: int) -> None:
    beside = path.with_suffix(".new")
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    torch.save(state, beside)
    beside.replace(path)


def train(data: Path, work: Path, share: float) -> None:
    """Train every pass that is not done yet; checkpoints and the weights go to `work`, those to
    use as reader.pt and checker.pt.
    """
    work.mkdir(parents=True, exist_ok=True)
    squad, network = Squad(data), start_from(weights_folder(), dropout=0.0)
    for number, rate in enumerate(RATES):
        done = work / f"pass-{number}.pt"
        if not done.exists():
            _pass(network, training(data, squad, share, number), work, number, rate)
            torch.save(network.state_dict(), done)
        network.load_state_dict(torch.load(done, map_location="cpu", weights_only=True))
    torch.save(_averaged(work, *READER), work / "reader.pt")
    torch.save(_averaged(work, *CHECKER), work / "checker.pt")


def _averaged(work: Path, number: int, share: float) -> dict[str, Tensor]:
    """That share of a pass's weights and the rest of those before: less sure of what only one
    of them learnt.
    """
    before, last = (
        torch.load(work / f"pass-{which}.pt", map_location="cpu", weights_only=True)
        for which in (number - 1, number)
    )
    return {
        name: share * weight + (1 - share) * before[name] if weight.is_floating_point() else weight
        for name, weight in last.items()
    }


def _pass(
    network: ReaderNetwork, examples: list[Example], work: Path, number: int, rate: float
) -> None:
    """One pass over the examples, from its last checkpoint if there is one."""
    torch.manual_seed(number)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = open_tokenizer(weights_folder())
    order = batches(examples, tokenizer, number)
    network.to(device).train()
    learnt = [weight for weight in network.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=rate, weight_decay=DECAY, fused=True)
    checkpoint = work / f"checkpoint-{number}.pt"
    first = _resume(checkpoint, network, optimiser, device)
    began, mean = time.monotonic(), math.nan
    for step, batch in enumerate(encoded(examples, order[first:], tokenizer), start=first):
        for group in optimiser.param_groups:
            group["lr"] = rate * share_of_rate(step, len(order))
        loss = _step(network, moved(batch, device), optimiser, learnt)
        mean = loss if math.isnan(mean) else 0.98 * mean + 0.02 * loss
        if (step + 1) % SAID == 0:
            left = (time.monotonic() - began) / (step + 1 - first) * (len(order) - step - 1)
            done = f"pass {number} step {step + 1}/{len(order)}"
            print(f"{done} loss {mean:.3f} left {left / 60:.0f} min", flush=True)
        if (step + 1) % EVERY == 0:
            _save(checkpoint, network, optimiser, step + 1)


def _step(
    network: ReaderNetwork,
    batch: Batch,
    optimiser: torch.optim.Optimizer,
    learnt: list[torch.nn.Parameter],
) -> float:
    with torch.autocast(batch.ids.device.type, dtype=torch.bfloat16):
        scores = network(batch.ids, batch.kinds, batch.mask)
    loss = loss_of(scores, batch)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learnt, 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return loss.item()


def _resume(
    path: Path, network: ReaderNetwork, optimiser: torch.optim.Optimizer, device: torch.device
) -> int:
    """The step to go on from: 0 without a checkpoint."""
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])
