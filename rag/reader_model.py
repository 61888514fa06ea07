"""The trained reader: whether a passage answers a question, where, and whether it supports a claim.

Six layers and 384 dimensions, started from all-MiniLM-L6-v2 and trained by training/reader (see
docs/reader.md). `reader.onnx` holds its layers in eight bits, `checker.onnx` those that claims are
checked with; the word embeddings are those of the bundled embedder and are read from there.
`reader.json` holds the files' SHA-256 and what was fitted on held-out rows.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.minilm import weights_folder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MODEL = Path(__file__).with_name("reader.onnx")
CHECKER = Path(__file__).with_name("checker.onnx")  # earlier weights, for claims (docs/reader.md)
SETTINGS = Path(__file__).with_name("reader.json")
REMEDY = "Install dateline again, or set DATELINE_READER=features to do without it."
WINDOW = 256  # tokens of question and passage together; the model was trained on no more
OVERLAP = 64  # tokens that two windows of a longer passage share
ASKED = 96  # tokens of a question or claim; what is longer is cut
LONGEST_SPAN = 30  # tokens of a short answer
Numbers = NDArray[np.float32]
_HALF = re.compile(r"[\ud800-\udfff]")  # half a surrogate pair, which no tokenizer takes


class Span(NamedTuple):
    """A possible short answer: its characters in the passage, and its score above "none here"."""

    start: int
    end: int
    margin: float


class Reading(NamedTuple):
    """What the model makes of one pair of texts.

    `starts` and `ends` are scores of the passage's tokens above the score of "no answer here";
    `offsets` are the tokens' characters. `relevance` is the log-odds that the passage answers;
    `relation` the probabilities that it supports a claim, refutes it, does neither.
    """

    starts: Numbers
    ends: Numbers
    offsets: NDArray[np.int64]
    relevance: float
    relation: Numbers

    def best_span(self, start: int, end: int) -> Span | None:
        """The best short answer between two characters; None where no token lies there."""
        places = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end))
        if not places.size:
            return None
        starts, ends = self.starts[places], self.ends[places]
        sums = starts[:, None] + ends[None, :]
        length = np.arange(len(places))[None, :] - np.arange(len(places))[:, None]
        sums[(length < 0) | (length >= LONGEST_SPAN)] = -np.inf
        first, last = np.unravel_index(int(sums.argmax()), sums.shape)
        return Span(
            int(self.offsets[places[first], 0]),
            int(self.offsets[places[last], 1]),
            float(sums[first, last]) / 2,
        )


class _Model(NamedTuple):
    session: "InferenceSession"
    tokenizer: "Tokenizer"
    words: "Tokenizer"  # the same without the window's limit, for cutting questions


@cache
def settings() -> dict[str, Any]:
    """What training stored beside the weights. Raises ModelError when it cannot be read."""
    try:
        stored: dict[str, Any] = json.loads(SETTINGS.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"The reader's settings cannot be read ({error}). {REMEDY}") from error
    return stored


def _verified(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The reader's weights cannot be read ({error}). {REMEDY}") from error
    if hashlib.sha256(content).hexdigest() != settings()["sha256"][path.name]:
        raise ModelError(f"The reader's weights in {path} are not the published ones. {REMEDY}")
    return content


@cache
def _model(path: Path) -> _Model:
    content, folder = _verified(path), weights_folder()
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    opened = [Tokenizer.from_file(str(folder / "tokenizer.json")) for _ in range(2)]
    for tokenizer in opened:
        tokenizer.no_padding()
    opened[0].enable_truncation(WINDOW, stride=OVERLAP, strategy="only_second")
    opened[1].enable_truncation(ASKED)
    return _Model(session, *opened)


def _cut(text: str, words: "Tokenizer") -> str:
    """The beginning of a question or claim that the window has room for."""
    encoding = words.encode(text, add_special_tokens=False)
    return text[: encoding.offsets[-1][1]] if encoding.overflowing else text


def _windows(pairs: Sequence[tuple[str, str]], model: _Model) -> tuple[list["Encoding"], list[int]]:
    """The windows of all pairs, and to which pair each belongs."""
    whole = [(_HALF.sub("\ufffd", asked), _HALF.sub("\ufffd", text)) for asked, text in pairs]
    cut = {asked: _cut(asked, model.words) for asked in {asked for asked, _ in whole}}
    encodings, owners = [], []
    for owner, encoding in enumerate(
        model.tokenizer.encode_batch([(cut[asked], text) for asked, text in whole])
    ):
        for window in (encoding, *encoding.overflowing):
            encodings.append(window)
            owners.append(owner)
    return encodings, owners


def _softmax(scores: Numbers) -> Numbers:
    odds = np.exp(scores - scores.max())
    shares: Numbers = odds / odds.sum()
    return shares


def _reading(encoding: "Encoding", spans: Numbers, relevance: float, relation: Numbers) -> Reading:
    inside = np.array(encoding.type_ids) == 1
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    inside &= offsets[:, 1] > offsets[:, 0]  # not the end marker
    above = spans[: len(inside)] - spans[0]
    return Reading(
        above[inside, 0], above[inside, 1], offsets[inside], relevance, _softmax(relation)
    )


def _run(encoding: "Encoding", model: _Model) -> Reading:
    """One window, alone: activations are quantised over a whole run, so that in a batch each
    window would be judged a little differently for its neighbours; a batch is no quicker.
    """
    columns = {
        "ids": encoding.ids,
        "segments": encoding.type_ids,
        "mask": encoding.attention_mask,
    }
    fed = {name: np.array([values], dtype=np.int32) for name, values in columns.items()}
    spans, relevance, relation = model.session.run(None, fed)
    return _reading(encoding, spans[0], float(relevance[0, 0]), relation[0])


def _joined(windows: Sequence[Reading]) -> Reading:
    """One reading of a passage that took several windows: each token at its best."""
    if len(windows) == 1:
        return windows[0]
    best: dict[tuple[int, int], tuple[float, float]] = {}
    for window in windows:
        for offset, start, end in zip(window.offsets, window.starts, window.ends, strict=True):
            key = (int(offset[0]), int(offset[1]))
            known = best.get(key, (-np.inf, -np.inf))
            best[key] = (max(known[0], float(start)), max(known[1], float(end)))
    places = sorted(best)
    scores = np.array([best[place] for place in places], dtype=np.float32).reshape(-1, 2)
    decided = min(windows, key=lambda window: window.relation[2])  # the one that says most
    return Reading(
        scores[:, 0],
        scores[:, 1],
        np.array(places, dtype=np.int64).reshape(-1, 2),
        max(window.relevance for window in windows),
        decided.relation,
    )


def read_pairs(pairs: Sequence[tuple[str, str]]) -> list[Reading]:
    """Read (question, passage) pairs; one Reading for each, in the order given.

    Raises ModelError when the weights are missing, altered or cannot be read.
    """
    return _readings(pairs, MODEL)


def check_pairs(pairs: Sequence[tuple[str, str]]) -> list[Reading]:
    """Read (claim, evidence) pairs for their relation, as `read_pairs`."""
    return _readings(pairs, CHECKER)


def _readings(pairs: Sequence[tuple[str, str]], path: Path) -> list[Reading]:
    if not pairs:
        return []
    model = _model(path)
    encodings, owners = _windows(pairs, model)
    windows: list[list[Reading]] = [[] for _ in pairs]
    for owner, encoding in zip(owners, encodings, strict=True):
        windows[owner].append(_run(encoding, model))
    return [_joined(several) for several in windows]
