"""Make the reader: prepare, train, export.

Run: `make reader` (which also makes the environment, and then calibrates and measures with the
product's own), or in an environment with training/reader/requirements.lock:
`python -m training.reader ../shared/data WORK`. Checkpoints are kept in WORK; an interrupted run
goes on from the last. On a GPU where there is one.
"""

import argparse
from pathlib import Path

import torch

from index.minilm import weights_folder
from rag.reader_model import CHECKER, MODEL
from training.reader.export import export
from training.reader.train import SHARE, train


def main() -> None:
    """Read the arguments and do every step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds reader/ and squad2/")
    parser.add_argument("work", type=Path, help="where checkpoints are kept")
    parser.add_argument("--share", type=float, default=SHARE, help="of the SQuAD questions")
    arguments = parser.parse_args()
    train(arguments.data / "reader", arguments.work, arguments.share)
    for name, target in (("reader.pt", MODEL), ("checker.pt", CHECKER)):
        weights = torch.load(arguments.work / name, map_location="cpu", weights_only=True)
        export(weights, weights_folder() / "model.safetensors", target)


if __name__ == "__main__":
    main()
