"""Twenty people asking one server at once for two minutes.

Run: `python -m benchmarks.people HOME`. Starts `dateline serve` over the
home, asks its questions through POST /api/ask and checks each answer against the one asked alone.
Writes benchmarks/results/people.md.
"""

import argparse
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

RESULTS = Path(__file__).parent / "results"
QUESTIONS = (
    "Who won the election?",
    "How many people were killed in the attack?",
    "When did the war in Ukraine begin?",
    "Who is the new prime minister?",
    "What did the court decide?",
    "How much did the company pay?",
    "Which country won the match?",
    "Where did the storm make landfall?",
)


@dataclass
class Seen:
    """What came of the questions; one lock for all people."""

    kinds: Counter[str] = field(default_factory=Counter)
    answer_seconds: list[float] = field(default_factory=list)
    busy_seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def ask(client: httpx.Client, question: str) -> httpx.Response:
    """One question."""
    return client.post("/api/ask", json={"question": question}, timeout=120)


def person(number: int, address: str, expected: dict[str, str], until: float, seen: Seen) -> None:
    """Ask one question after another and check each answer."""
    with httpx.Client(base_url=address) as client:
        turn = number
        while time.monotonic() < until:
            question = QUESTIONS[turn % len(QUESTIONS)]
            turn += 1
            began = time.monotonic()
            try:
                response = ask(client, question)
            except httpx.HTTPError as error:
                with seen.lock:
                    seen.kinds[f"lost ({type(error).__name__})"] += 1
                continue
            took = time.monotonic() - began
            with seen.lock:
                if response.status_code == 503:
                    seen.kinds["busy"] += 1
                    seen.busy_seconds.append(took)
                elif response.status_code != 200:
                    seen.kinds[f"failed ({response.status_code})"] += 1
                else:
                    told = response.json()
                    right = told["question"] == question and told["text"] == expected[question]
                    seen.kinds["right" if right else "crossed"] += 1
                    seen.answer_seconds.append(took)
            if response.status_code == 503:
                time.sleep(0.5)


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """`dateline serve` over a home: the process, its address, and the seconds until it answers."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [str(Path(sys.executable).with_name("dateline")), "serve", "--home", str(home)]
    began = time.monotonic()
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while not answers(address):
                time.sleep(0.1)
            yield server, address, time.monotonic() - began
        finally:
            server.terminate()


def answers(address: str) -> bool:
    """Whether the page can be had."""
    try:
        return httpx.get(address, timeout=30).status_code == 200
    except httpx.HTTPError:
        return False


def measure(home: Path, people: int, seconds: float) -> list[str]:
    """The rows of the table."""
    with serving(home) as (server, address, ready):
        with httpx.Client(base_url=address) as client:
            expected = {one: ask(client, one).json()["text"] for one in QUESTIONS}
        before, seen = memory_mb(server.pid), Seen()
        until = time.monotonic() + seconds
        crowd = [
            threading.Thread(target=person, args=(number, address, expected, until, seen))
            for number in range(people)
        ]
        for one in crowd:
            one.start()
        time.sleep(seconds / 2)
        middle = memory_mb(server.pid)
        for one in crowd:
            one.join()
        after = memory_mb(server.pid)
    times = np.array(seen.answer_seconds)
    return [
        f"| page ready after | {ready:.1f} s |",
        *(f"| {kind} | {count} |" for kind, count in sorted(seen.kinds.items())),
        f"| answer, median / p95 / longest | {np.median(times):.2f} / "
        f"{np.quantile(times, 0.95):.2f} / {times.max():.2f} s |",
        f"| told busy after, longest | {max(seen.busy_seconds, default=0):.2f} s |",
        f"| memory before / half-way / after | {before:.0f} / {middle:.0f} / {after:.0f} MB |",
    ]


def main() -> None:
    """Read the arguments, measure, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    rows = measure(given.home, given.people, given.seconds)
    head = [f"# {given.people} people asking for {given.seconds:.0f} s", "", "| | |", "|---|---|"]
    text = "\n".join([*head, *rows]) + "\n"
    RESULTS.joinpath("people.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
