"""Write `rag/lexicon.npz`: vectors of common English words, distilled from the bundled model.

Every whole-word entry of the model's vocabulary is embedded on its own; the vectors are centred,
reduced to their principal components and rounded to bytes. The vocabulary is ordered by how
common its words are, so a word's place in the table says that too.

Run: `python tools/build_lexicon.py` (about half a minute).
"""

import re
from pathlib import Path

import numpy as np

from index.embed import Passage, unit
from index.minilm import MiniLM, weights_folder

COMPONENTS = 128  # keep 128 of 384: similarities change by less than 0.02 on average
TARGET = Path(__file__).parent.parent / "rag" / "lexicon.npz"
WHOLE_WORD = re.compile(r"[a-z]{2,}")


def _likeness(vectors: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    return (vectors[pairs[:, 0]] * vectors[pairs[:, 1]]).sum(1)


def main() -> None:
    """Embed, reduce, round and write the table."""
    lines = (weights_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if WHOLE_WORD.fullmatch(line)]
    vectors = np.stack(
        [found.vector for found in MiniLM().embed_passages([Passage(word, ()) for word in words])]
    )
    centred = unit(vectors - vectors.mean(axis=0))
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    reduced = unit(centred @ axes[:COMPONENTS].T)
    rounded = np.round(reduced * 127 / np.abs(reduced).max()).astype(np.int8)
    np.savez_compressed(TARGET, words="\n".join(words), vectors=rounded)
    kept = unit(rounded.astype(np.float32))
    some = np.random.default_rng(0).integers(len(words), size=(2000, 2))
    change = np.abs(_likeness(kept, some) - _likeness(centred, some))
    print(f"{len(words)} words, {TARGET.stat().st_size} bytes, mean change {change.mean():.3f}")


if __name__ == "__main__":
    main()
