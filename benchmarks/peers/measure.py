"""Ask the peers everything; keep scores and times."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import NamedTuple

import numpy as np

from benchmarks.peers.judge import Judged
from benchmarks.peers.peer import Peer
from benchmarks.retrieval import DEPTH

TIMED = 150  # searches of each peer


@dataclass(frozen=True, slots=True)
class Quality:
    """One value for each question: of each measure, and the characters handed over."""

    scores: Mapping[str, np.ndarray]
    characters: np.ndarray


def quality(peer: Peer, questions: Sequence[Judged]) -> Quality:
    """Search deep for every question."""
    rows, lengths = [], []
    for question in questions:
        found = peer.search(question.text, DEPTH)
        rows.append(question.scores(found, peer.top_k))
        lengths.append(sum(place.end - place.start for place in found[: peer.top_k]))
    scores = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return Quality(scores, np.array(lengths))


def search_times(peers: Sequence[Peer], questions: Sequence[Judged]) -> list[np.ndarray]:
    """Seconds of single searches, for each peer.

    The peers take turns at each question, so that what else the machine does meets all alike.
    """
    times: list[list[float]] = [[] for _ in peers]
    for question in islice(cycle(questions), TIMED):
        for peer, taken in zip(peers, times, strict=True):
            one = seconds(lambda p=peer, q=question: p.search(q.text, p.top_k))
            taken.append(one.clock)
    return [np.array(taken) for taken in times]


class Taken(NamedTuple):
    """Seconds by the clock, and of the processor: what others do meanwhile adds to the former."""

    clock: float
    processor: float

    def plus(self, other: "Taken") -> "Taken":
        """The two one after the other."""
        return Taken(self.clock + other.clock, self.processor + other.processor)


def seconds(run: Callable[[], object]) -> Taken:
    """How long a call takes."""
    clock, processor = time.perf_counter(), _processor()
    run()
    return Taken(time.perf_counter() - clock, _processor() - processor)


def _processor() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
